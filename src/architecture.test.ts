import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json';

const root = fileURLToPath(new URL('..', import.meta.url));
const sdk = '@openshift-console/dynamic-plugin-sdk';
const hostSdk = join(root, 'standalone/web/sdk/dynamicPluginSdk.ts');

/** Hooks that a console with React 17 (4.19 to 4.21) does not have. */
const react18Only = [
  'useId',
  'useSyncExternalStore',
  'useTransition',
  'useDeferredValue',
  'useInsertionEffect',
  'startTransition',
];

type Import = { file: string; from: string; names: string[]; isType: boolean };

function parse(file: string): ts.SourceFile {
  const text = readFileSync(file, 'utf8');
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

function namesOf(elements: ts.NodeArray<ts.ImportSpecifier | ts.ExportSpecifier>): string[] {
  return elements
    .filter((element) => !element.isTypeOnly)
    .map((element) => (element.propertyName ?? element.name).text);
}

/** Static, dynamic and re-exporting imports of one file. */
function importsOf(file: string): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const clause = node.importClause;
      const bindings = clause?.namedBindings;
      found.push({
        file: relative(root, file),
        from: node.moduleSpecifier.text,
        names:
          bindings !== undefined && ts.isNamedImports(bindings) ? namesOf(bindings.elements) : [],
        isType: clause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
      });
    } else if (
      ts.isExportDeclaration(node) &&
      node.moduleSpecifier !== undefined &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      const clause = node.exportClause;
      found.push({
        file: relative(root, file),
        from: node.moduleSpecifier.text,
        names: clause !== undefined && ts.isNamedExports(clause) ? namesOf(clause.elements) : [],
        isType: node.isTypeOnly,
      });
    } else if (
      ts.isCallExpression(node) &&
      node.expression.kind === ts.SyntaxKind.ImportKeyword &&
      node.arguments[0] !== undefined &&
      ts.isStringLiteral(node.arguments[0])
    ) {
      const from = node.arguments[0].text;
      found.push({ file: relative(root, file), from, names: [], isType: false });
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return found;
}

/** Names that a module exports, by declaration or by list. */
function exportsOf(file: string): string[] {
  return parse(file).statements.flatMap((statement) => {
    if (ts.isExportAssignment(statement)) return ['default'];
    if (ts.isExportDeclaration(statement)) {
      const clause = statement.exportClause;
      if (clause === undefined || !ts.isNamedExports(clause)) return [];
      return clause.elements.map((element) => element.name.text);
    }
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const has = (kind: ts.SyntaxKind) => modifiers.some((modifier) => modifier.kind === kind);
    if (!has(ts.SyntaxKind.ExportKeyword)) return [];
    if (has(ts.SyntaxKind.DefaultKeyword)) return ['default'];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map((declaration) =>
        declaration.name.getText(),
      );
    }
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      return [statement.name?.text ?? 'default'];
    }
    return [];
  });
}

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/\.(test|d)\.tsx?$/.test(file))
  .map((file) => join(root, 'src', file));
const imports = files.flatMap(importsOf);

function offenders(test: (found: Import) => boolean): string[] {
  return imports.filter(test).map(({ file, from }) => `${file} imports ${from}`);
}

describe('the plugin imports', () => {
  it('the SDK in src/console only', () => {
    expect(
      offenders(
        ({ file, from }) => from.startsWith('@openshift') && !file.startsWith('src/console/'),
      ),
    ).toEqual([]);
  });

  it('the router under the one name that all consoles share, in src/console only', () => {
    expect(
      offenders(
        ({ file, from }) =>
          from.startsWith('react-router') &&
          !(from === 'react-router-dom-v5-compat' && file.startsWith('src/console/')),
      ),
    ).toEqual([]);
  });

  it('no react-dom, which consoles do not share', () => {
    expect(offenders(({ from }) => /^react-dom(\/|$)/.test(from))).toEqual([]);
  });

  it('no hook that React 17 does not have', () => {
    expect(
      offenders(
        ({ from, names }) => from === 'react' && names.some((name) => react18Only.includes(name)),
      ),
    ).toEqual([]);
  });

  it('nothing of the cluster and of the standalone console', () => {
    expect(offenders(({ from }) => /^@virtdeck\/|(^|\/)(cluster|standalone)\//.test(from))).toEqual(
      [],
    );
  });

  it('types only of the KubeVirt API package, whose code weighs megabytes', () => {
    expect(
      offenders(({ from, isType }) => from.startsWith('@kubevirt-ui-ext/') && !isType),
    ).toEqual([]);
  });

  it('each icon by its own path', () => {
    expect(
      offenders(({ from }) => /^@patternfly\/react-icons(\/dist\/[a-z]+)?$/.test(from)),
    ).toEqual([]);
  });
});

it('finds everything that it needs of a console in the standalone console', () => {
  const needed = new Set(
    imports.filter(({ from, isType }) => from === sdk && !isType).flatMap(({ names }) => names),
  );
  const provided = exportsOf(hostSdk);
  expect(needed.size).toBeGreaterThan(0);
  expect([...needed].filter((name) => !provided.includes(name))).toEqual([]);
});

it.each(Object.entries(packageJson.consolePlugin.exposedModules))(
  'exposes %s with a default export',
  (_name, path) => {
    const file = join(root, path);
    expect(existsSync(file), `${path} does not exist`).toBe(true);
    expect(exportsOf(file)).toContain('default');
  },
);
