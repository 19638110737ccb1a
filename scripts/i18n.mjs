// Keeps locales/en/plugin__virtdeck.json in step with the texts in src/ and console-extensions.json.
//
//   node scripts/i18n.mjs           rewrites the file
//   node scripts/i18n.mjs --check   fails when a text is missing or one is no longer used
//
// A key is the English text itself. `t('... {{count}} ...', { count })` needs both plural forms; the
// singular is written by hand in the file and kept.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const localeFile = join(root, 'locales/en/plugin__virtdeck.json');

/** Modules whose texts are data, translated by those who show them: `t(verdict.reason)`. */
const dataModules = [
  'src/k8s/errors.ts',
  'src/kubevirt/vmCan.ts',
  'src/kubevirt/vmEffect.ts',
  'src/kubevirt/settingOptions.ts',
  'src/kubevirt/vmSettings.ts',
  'src/kubevirt/vmStatus.ts',
  'src/kubevirt/why/guest.ts',
  'src/kubevirt/why/scheduling.ts',
  'src/kubevirt/why/storage.ts',
  'src/features/consoles/ConsoleSession.ts',
  'src/features/consoles/ConsoleState.ts',
  'src/features/consoles/SerialSession.ts',
  'src/features/consoles/VncSession.ts',
  'src/features/consoles/useConsoleSession.ts',
  'src/features/consoles/useGuest.ts',
];

function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((file) => /\.tsx?$/.test(file) && !/\.(?:test|d)\.tsx?$/.test(file));
}

function hasCount(argument) {
  return (
    argument !== undefined &&
    ts.isObjectLiteralExpression(argument) &&
    argument.properties.some((property) => property.name?.getText() === 'count')
  );
}

/** Texts of one module; `unreadable` are calls whose text is built where nobody can find it. */
function keysOf(file) {
  const path = relative(root, file);
  const isData = dataModules.includes(path);
  const source = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const keys = new Set();
  const unreadable = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.getText() === 't') {
      const [text, values] = node.arguments;
      if (text !== undefined && ts.isStringLiteralLike(text)) {
        if (hasCount(values)) {
          keys.add(`${text.text}_one`);
          keys.add(`${text.text}_other`);
        } else {
          keys.add(text.text);
        }
      } else if (text !== undefined && ts.isTemplateExpression(text)) {
        unreadable.push(`${path}: ${text.getText()}`);
      }
    } else if (isData && ts.isStringLiteralLike(node)) {
      const isLabel =
        ts.isPropertyAssignment(node.parent) && node.parent.name.getText() === 'label';
      if (isLabel || /^[A-Z][^ ]* /.test(node.text)) keys.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { keys, unreadable };
}

function extensionKeys() {
  const text = readFileSync(join(root, 'console-extensions.json'), 'utf8');
  return [...text.matchAll(/%plugin__virtdeck~([^%]+)%/g)].map((match) => match[1]);
}

function readLocale() {
  try {
    return JSON.parse(readFileSync(localeFile, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

const used = new Set(extensionKeys());
const unreadable = [];
for (const file of sourceFiles(join(root, 'src'))) {
  const found = keysOf(file);
  for (const key of found.keys) used.add(key);
  unreadable.push(...found.unreadable);
}

const locale = readLocale();
const missing = [...used].filter((key) => !(key in locale));
const unused = Object.keys(locale).filter((key) => !used.has(key));

if (unreadable.length > 0) {
  console.error('Texts must be literals, with {{names}} for values:');
  for (const call of unreadable) console.error(`  ${call}`);
  process.exitCode = 1;
} else if (process.argv.includes('--check')) {
  for (const key of missing) console.error(`missing: ${key}`);
  for (const key of unused) console.error(`unused: ${key}`);
  if (missing.length + unused.length > 0) {
    console.error('Run: node scripts/i18n.mjs');
    process.exitCode = 1;
  }
} else {
  const next = {};
  for (const key of [...used].sort((a, b) => a.localeCompare(b, 'en'))) {
    next[key] = locale[key] ?? key.replace(/_(?:one|other)$/, '');
  }
  writeFileSync(localeFile, `${JSON.stringify(next, null, 2)}\n`);
  console.log(`${Object.keys(next).length} texts, ${missing.length} new, ${unused.length} removed`);
}
