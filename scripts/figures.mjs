// `npm run figures`: measures of the code that are watched, a line `name value` each.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const roots = ['src', 'standalone/web', 'standalone/server', 'cluster/src'];

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$|\.d\.ts$/.test(entry.name) ? [path] : [];
  });
}

function resolveImport(from, specifier) {
  const base = specifier.startsWith('~/')
    ? join(root, 'src', specifier.slice(2))
    : specifier.startsWith('.')
      ? join(dirname(from), specifier)
      : undefined;
  if (base === undefined) return undefined;
  return [base, `${base}.ts`, `${base}.tsx`].find(
    (path) => existsSync(path) && statSync(path).isFile(),
  );
}

/** Files that a file imports for their values; type imports make no cycle. */
function importsOf(path, source) {
  const found = [];
  const add = (specifier) => {
    const target = resolveImport(path, specifier);
    if (target) found.push(target);
  };
  const visit = (node) => {
    const isValue =
      (ts.isImportDeclaration(node) && !node.importClause?.isTypeOnly) ||
      (ts.isExportDeclaration(node) && !node.isTypeOnly);
    if (isValue && node.moduleSpecifier) add(node.moduleSpecifier.text);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      if (ts.isStringLiteral(node.arguments[0])) add(node.arguments[0].text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function count(source, matches) {
  let found = 0;
  const visit = (node) => {
    if (matches(node)) found++;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Files that can be reached from themselves. */
function inCycles(graph) {
  const reaches = (start) => {
    const seen = new Set();
    const stack = [...(graph.get(start) ?? [])];
    while (stack.length > 0) {
      const path = stack.pop();
      if (path === start) return true;
      if (seen.has(path)) continue;
      seen.add(path);
      stack.push(...(graph.get(path) ?? []));
    }
    return false;
  };
  return [...graph.keys()].filter(reaches).length;
}

/** Files on the shortest way of imports, both ends counted; undefined when there is none. */
function distance(graph, from, to) {
  let level = [from];
  const seen = new Set(level);
  for (let files = 1; level.length > 0; files++) {
    if (level.includes(to)) return files;
    level = level.flatMap((path) => graph.get(path) ?? []).filter((path) => !seen.has(path));
    level.forEach((path) => seen.add(path));
  }
  return undefined;
}

const files = roots.flatMap((folder) => filesBelow(join(root, folder)));
const sources = new Map(
  files.map((path) => [
    path,
    ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true),
  ]),
);
const graph = new Map([...sources].map(([path, source]) => [path, importsOf(path, source)]));
const features = files.filter((path) => relative(root, path).startsWith('src/features/'));
const linesOf = (path) =>
  sources
    .get(path)
    .text.split('\n')
    .filter((line) => line.trim() !== '').length;
const lines = features.reduce((sum, path) => sum + linesOf(path), 0);
const chains = features.reduce(
  (sum, path) =>
    sum + count(sources.get(path), (node) => node.kind === ts.SyntaxKind.QuestionDotToken),
  0,
);
const toVerb = distance(
  graph,
  join(root, 'src/features/vms/VmListPage.tsx'),
  join(root, 'src/api/vms.ts'),
);
const toRequest = distance(graph, join(root, 'src/api/vms.ts'), join(root, 'src/console/http.ts'));

const figures = {
  files: files.length,
  lines: files.reduce((sum, path) => sum + linesOf(path), 0),
  'files-in-cycles': inCycles(graph),
  any: files.reduce(
    (sum, path) => sum + count(sources.get(path), (node) => node.kind === ts.SyntaxKind.AnyKeyword),
    0,
  ),
  'optional-chains-per-1000-lines-in-features': Math.round((chains / lines) * 10_000) / 10,
  'files-per-folder': Math.round((files.length / new Set(files.map(dirname)).size) * 10) / 10,
  'longest-file': Math.max(...files.map(linesOf)),
  // "Stop" in the list: the page, down to the file that sends the request.
  'files-from-button-to-request': toVerb + toRequest - 1,
};
for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name} ${value}\n`);
