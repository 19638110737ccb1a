/** Folder of the package whose declarations the cluster's schemas are derived from. */
export const schemaPackage = 'node_modules/@kubevirt-ui-ext/kubevirt-api';

/** What the schemas depend on. */
export const schemaInputs = [
  'scripts/schemas.mjs',
  'scripts/schemaMarks.mjs',
  `${schemaPackage}/package.json`,
];

/** Where they are written; cluster/package.json names the same file `#schemas`. */
export const schemaOutput = 'cluster/generated/schemas.json';
