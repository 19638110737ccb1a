// Keeps the files of texts in step with the code: locales/<language>/plugin__virtdeck.json with src/
// and console-extensions.json, standalone/web/locales/<language>.json with standalone/web/.
//
//   node scripts/i18n.mjs           writes English anew; takes out of the others what is not used
//   node scripts/i18n.mjs --check   fails when a text or a translation is missing or not used
//
// A key is the English text itself. `t('... {{count}} ...', { count })` needs both plural forms; the
// singular is written by hand in the file and kept. Translations are written by hand.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

import { keysIn, languages, translationFaults } from './translations.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Modules whose texts are data, translated by those who show them: `t(verdict.reason)`. */
const dataModules = [
  'src/k8s/errors.ts',
  'src/kubevirt/vmCan.ts',
  'src/kubevirt/catalog/formFields.ts',
  'src/kubevirt/catalog/instancetypeFields.ts',
  'src/kubevirt/catalog/preferenceFields.ts',
  'src/kubevirt/templates/processTemplate.ts',
  'src/kubevirt/vmEffect.ts',
  'src/kubevirt/vmName.ts',
  'src/kubevirt/create/appliance/ApplianceError.ts',
  'src/kubevirt/create/diskProblems.ts',
  'src/kubevirt/create/draftProblems.ts',
  'src/kubevirt/create/draftReferences.ts',
  'src/kubevirt/create/draftWarnings.ts',
  'src/kubevirt/settingOptions.ts',
  'src/kubevirt/vmSettings.ts',
  'src/kubevirt/vmStatus.ts',
  'src/kubevirt/why/guest.ts',
  'src/kubevirt/why/scheduling.ts',
  'src/kubevirt/why/storage.ts',
  'src/features/consoles/ConsoleSession.ts',
  'src/features/consoles/ConsoleState.ts',
  'src/features/consoles/ssh/SshSession.ts',
  'src/features/consoles/ssh/PrivateKeyError.ts',
  'src/features/consoles/VncSession.ts',
  'src/features/consoles/useConsoleSession.ts',
  'src/features/consoles/useGuest.ts',
];

/** Functions that word a failure of our own: what they are called with is translated where it is shown. */
const wording = new Set(['ownFailure', 'notUnderstood', 'uploadFailure']);

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
    } else if (ts.isCallExpression(node) && wording.has(node.expression.getText())) {
      for (const text of node.arguments) if (ts.isStringLiteralLike(text)) keys.add(text.text);
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

function readTexts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

/** Writes the texts of `keys` in alphabetical order; those that are not there stay out. */
function writeTexts(file, keys, textOf) {
  const next = {};
  for (const key of [...keys].sort((a, b) => a.localeCompare(b, 'en'))) {
    const text = textOf(key);
    if (text !== undefined) next[key] = text;
  }
  writeFileSync(file, `${JSON.stringify(next, null, 2)}\n`);
}

function englishOf(key) {
  return key.replace(/_(?:one|other)$/, '');
}

const catalogues = [
  {
    folder: 'src',
    moreKeys: extensionKeys(),
    fileOf: (language) => join(root, 'locales', language, 'plugin__virtdeck.json'),
    english: join(root, 'locales/en/plugin__virtdeck.json'),
  },
  {
    // Its English is in the code alone: nothing would be in a file that the keys do not say.
    folder: 'standalone/web',
    moreKeys: [],
    fileOf: (language) => join(root, 'standalone/web/locales', `${language}.json`),
    english: undefined,
  },
];

const isCheck = process.argv.includes('--check');
const faults = [];
const unreadable = [];

for (const { folder, moreKeys, fileOf, english } of catalogues) {
  const used = new Set(moreKeys);
  for (const file of sourceFiles(join(root, folder))) {
    const found = keysOf(file);
    for (const key of found.keys) used.add(key);
    unreadable.push(...found.unreadable);
  }
  if (unreadable.length > 0) break;

  const inFile = english === undefined ? {} : readTexts(english);
  const texts = {};
  for (const key of used) texts[key] = inFile[key] ?? englishOf(key);
  if (english !== undefined) {
    const missing = [...used].filter((key) => !(key in inFile));
    const unused = Object.keys(inFile).filter((key) => !used.has(key));
    if (isCheck) {
      for (const key of missing) faults.push(`${relative(root, english)}: missing: ${key}`);
      for (const key of unused) faults.push(`${relative(root, english)}: unused: ${key}`);
    } else {
      writeTexts(english, used, (key) => texts[key]);
      console.log(`${used.size} texts, ${missing.length} new, ${unused.length} removed`);
    }
  }

  // A new text lacks in all languages at once: one line says so.
  const languagesOf = new Map();
  for (const language of languages) {
    const file = fileOf(language);
    const translations = readTexts(file);
    if (isCheck) {
      for (const fault of translationFaults(language, texts, translations))
        languagesOf.set(fault, [...(languagesOf.get(fault) ?? []), language]);
    } else {
      const keys = keysIn(language, used);
      writeTexts(file, keys, (key) => translations[key]);
      const missing = [...keys].filter((key) => !(key in translations)).length;
      if (missing > 0) console.log(`${relative(root, file)}: ${missing} to translate`);
    }
  }
  for (const [fault, found] of languagesOf) {
    const file = relative(root, fileOf(found.length === 1 ? found[0] : `{${found.join(',')}}`));
    faults.push(`${file}: ${fault}`);
  }
}

if (unreadable.length > 0) {
  console.error('Texts must be literals, with {{names}} for values:');
  for (const call of unreadable) console.error(`  ${call}`);
  process.exitCode = 1;
} else if (faults.length > 0) {
  for (const fault of faults) console.error(fault);
  console.error('Run: node scripts/i18n.mjs; then write the translations that are missing.');
  process.exitCode = 1;
}
