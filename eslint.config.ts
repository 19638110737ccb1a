import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import i18next from 'eslint-plugin-i18next';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import playwright from 'eslint-plugin-playwright';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const typescript = ['**/*.ts', '**/*.tsx'];
const tests = ['**/*.test.ts', '**/*.test.tsx', '**/test/**', 'integration-tests/**'];

/** Who may import whom: ARCHITECTURE.md shows the same as a table. */
const zones = [
  { target: './src/k8s', from: './src', except: ['./k8s'] },
  { target: './src/kubevirt', from: './src', except: ['./kubevirt', './k8s'] },
  { target: './src/console', from: './src', except: ['./console', './k8s'] },
  { target: './src/api', from: './src', except: ['./api', './console', './kubevirt', './k8s'] },
  { target: './src/ui', from: './src', except: ['./ui', './k8s/quantity.ts'] },
  { target: './src/features/vms', from: './src/features', except: ['./vms', './forms'] },
  {
    target: './src/features/vm-create',
    from: './src/features',
    except: ['./vm-create', './forms'],
  },
  { target: './src/features/forms', from: './src/features', except: ['./forms'] },
  { target: './src/features/boot-sources', from: './src/features', except: ['./boot-sources'] },
  { target: './src/features/catalog', from: './src/features', except: ['./catalog'] },
  { target: './src/features/consoles', from: './src/features', except: ['./consoles'] },
  { target: './src/features/tasks', from: './src/features', except: ['./tasks'] },
  { target: './standalone', from: ['./src', './cluster'] },
  { target: './cluster', from: ['./src', './standalone'] },
  { target: './integration-tests', from: ['./src', './standalone', './cluster/src'] },
  {
    target: './cluster/src/apiserver',
    from: './cluster/src',
    except: ['./apiserver', './client'],
  },
  { target: './cluster/src/client', from: './cluster/src', except: ['./client', './apiserver'] },
  {
    // All but the API server reach objects through the client alone.
    target: [
      './cluster/src/kubevirt',
      './cluster/src/cdi',
      './cluster/src/hostpath-provisioner',
      './cluster/src/guest-images',
      './cluster/src/kube-scheduler',
      './cluster/src/kube-controller-manager',
      './cluster/src/kubelet',
    ],
    from: './cluster/src/apiserver/storage',
  },
];

export default defineConfig(
  {
    ignores: [
      '**/node_modules/',
      '**/dist/',
      '.cache/',
      'test-results/',
      'playwright-report/',
      'standalone/test/fixtures/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        document: 'readonly',
        window: 'readonly',
        Buffer: 'readonly',
        AbortSignal: 'readonly',
      },
    },
  },
  {
    files: typescript,
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './cluster/tsconfig.json', './standalone/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createTypeScriptImportResolver({
          project: ['tsconfig.json', 'cluster/tsconfig.json', 'standalone/tsconfig.json'],
        }),
      ],
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // A type parameter that only names the result is how a client says what it expects.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // A promise handed to an event emitter or a timer is caught where it is made.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 150, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}', 'standalone/web/**/*.{ts,tsx}'],
    extends: [jsxA11y.flatConfigs.recommended],
    // Its own types do not fit ESLint's.
    plugins: { 'react-hooks': { rules: reactHooks.rules } },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      // A dialog opens because the user asked for it: its first field takes the focus.
      'jsx-a11y/no-autofocus': 'off',
    },
  },
  {
    files: ['src/**/*.tsx'],
    ignores: tests,
    extends: [i18next.configs['flat/recommended']],
    rules: { 'i18next/no-literal-string': ['error', { mode: 'jsx-text-only' }] },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/console/**', ...tests],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@openshift-console/*', 'react-router*', 'react-router-dom*'],
              message: 'Only src/console/ knows the host: import it from there.',
            },
            {
              regex: '^(@patternfly/react-icons|react-dom/client)$',
              message: 'Import each icon by its own path; React 17 has no react-dom/client.',
            },
          ],
        },
      ],
    },
  },
  {
    files: tests,
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    files: ['integration-tests/**/*.ts'],
    extends: [playwright.configs['flat/recommended']],
    rules: { 'playwright/expect-expect': 'off', 'playwright/no-conditional-in-test': 'off' },
  },
  {
    files: [
      '**/*.config.ts',
      'scripts/*.d.ts',
      'src/features/*/*Page.tsx',
      'integration-tests/global*.ts',
    ],
    rules: { 'import-x/no-default-export': 'off' },
  },
);
