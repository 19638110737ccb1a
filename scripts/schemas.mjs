// Derives OpenAPI models of Kubernetes, KubeVirt and CDI from the declarations of
// @kubevirt-ui-ext/kubevirt-api: `node scripts/schemas.mjs` writes cluster/generated/schemas.json.
//
// The package is generated from the projects' own OpenAPI documents, but leaves out what TypeScript cannot
// say: which strings are quantities, times or "int or string", and which numbers are whole. Where the
// description tells it is read from there, else from the few names below. Enumerations, limits and the types of
// lists are in schemaMarks.mjs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

import { schemaOutput, schemaPackage } from './schemaFiles.mjs';
import { fieldMarks, modelMarks } from './schemaMarks.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const intOrString = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';

/** Maps of strings with these names hold quantities. */
const quantityMaps = new Set([
  'allocatable',
  'allocatedResources',
  'capacity',
  'default',
  'defaultRequest',
  'hard',
  'limits',
  'max',
  'maxLimitRequestRatio',
  'min',
  'overhead',
  'podFixed',
  'requests',
  'used',
]);
/** Strings with these names are quantities, or "int or string", although their description says other things. */
const quantities = new Set([
  'bandwidthPerMigration',
  'cpuRequest',
  'divisor',
  'maxGuest',
  'sizeLimit',
]);
const intsOrStrings = new Set(['maxSurge', 'maxUnavailable', 'minAvailable', 'port', 'targetPort']);
/** All other numbers of these APIs are whole. */
const fractions = new Set(['maximum', 'minimum', 'multipleOf', 'qps']);

/** Fields that the project's API has and the package's documents lack, by the model. */
const added = {
  'io.kubevirt.cdi.v1beta1.DataVolumeSourceHTTP': {
    checksum: {
      description:
        'Digest that the bytes of the endpoint must have, as algorithm:hash; the algorithm is md5, sha1, sha256 or sha512.',
      type: 'string',
    },
    insecureSkipVerify: {
      description: "Whether to take any certificate of the endpoint's server.",
      type: 'boolean',
    },
  },
  'io.kubevirt.cdi.v1beta1.DataImportCronSpec': {
    serviceAccountName: {
      description: 'Whose right to clone is asked for when the source is a claim.',
      type: 'string',
    },
  },
  'io.kubevirt.v1.VirtualMachineInstanceSpec': {
    serviceAccountName: {
      description: 'Name of the service account of the launcher pod.',
      type: 'string',
    },
  },
  'io.kubevirt.v1.MigrationConfiguration': { maxDowntimeMs: { type: 'integer' } },
  'io.kubevirt.v1alpha1.MigrationPolicySpec': { maxDowntimeMs: { type: 'integer' } },
};

/** Models that nothing points at: what requests carry, by the interfaces of each part of the package. */
const roots = {
  kubernetes:
    /^IoK8s(ApiAppsV1|ApiBatchV1|ApiCoordinationV1|ApiCoreV1|ApiDiscoveryV1|ApiEventsV1|ApiNetworkingV1|ApiPolicyV1|ApiRbacV1|ApiSchedulingV1|ApiStorageV1|ApiAutoscalingV1|ApimachineryPkgApisMetaV1|ApiextensionsApiserverPkgApisApiextensionsV1|ApiAdmissionregistrationV1|KubeAggregatorPkgApisApiregistrationV1)[A-Z]/,
  kubevirt: /^V1(alpha1|beta1)?[A-Z]\w*$/,
  'containerized-data-importer': /^V1beta1\w*$/,
};
/** Never sent or read by a client of this cluster. */
const left = /(Request|List|WatchEvent)$/;

/** One part of the package: its interfaces and its sets of strings. */
function readPart(part) {
  const file = join(root, schemaPackage, 'dist', part, 'index.d.ts');
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const interfaces = new Map();
  const enums = new Map();
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement)) interfaces.set(statement.name.text, statement);
    else if (ts.isEnumDeclaration(statement)) {
      const values = statement.members.map(({ initializer }) => initializer?.text);
      enums.set(statement.name.text, values);
    } else if (ts.isVariableStatement(statement)) {
      for (const { name, type } of statement.declarationList.declarations) {
        if (!type || !ts.isTypeLiteralNode(type)) continue;
        const values = type.members.map((member) => member.type?.literal?.text);
        if (values.every((value) => typeof value === 'string')) enums.set(name.text, values);
      }
    }
  }
  return { part, interfaces, enums };
}

/** `IoK8sApiCoreV1Pod` is `io.k8s.api.core.v1.Pod`; undefined for what is not Kubernetes' own. */
function kubernetesName(name) {
  const [, api, version, kind] =
    /^IoK8sApi([A-Z][a-z]+)(V\d(?:alpha\d|beta\d)?)(\w+)$/.exec(name) ?? [];
  if (kind) return `io.k8s.api.${api.toLowerCase()}.${version.toLowerCase()}.${kind}`;
  for (const [start, path] of [
    ['IoK8sApimachineryPkgApisMetaV1', meta],
    [
      'IoK8sApiextensionsApiserverPkgApisApiextensionsV1',
      'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
    ],
    [
      'IoK8sKubeAggregatorPkgApisApiregistrationV1',
      'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1',
    ],
  ]) {
    if (name.startsWith(start)) return `${path}.${name.slice(start.length)}`;
  }
  return undefined;
}

const parts = Object.fromEntries(Object.keys(roots).map((part) => [part, readPart(part)]));

/** Kubernetes' twin of a type that KubeVirt's or CDI's document repeats under its own name. */
function twin(part, name) {
  const { interfaces } = parts.kubernetes;
  const candidates = name.startsWith('K8sIo')
    ? [name.replace('K8sIo', 'IoK8s')]
    : part === 'containerized-data-importer' && /^V1[A-Z]/.test(name)
      ? [`IoK8sApiCoreV1${name.slice(2)}`, `IoK8sApimachineryPkgApisMetaV1${name.slice(2)}`]
      : [];
  return candidates.find((candidate) => interfaces.has(candidate));
}

/** Where a type is defined, and the name of its model. */
function locate(part, name) {
  if (part === 'kubernetes') return { part, name, model: kubernetesName(name) };
  const same = twin(part, name);
  if (same) return locate('kubernetes', same);
  const cdi = parts['containerized-data-importer'];
  if (part === 'kubevirt' && /^V1beta1(DataVolume|StorageSpec|PlatformOptions)/.test(name)) {
    if (cdi.interfaces.has(name)) return locate(cdi.part, name);
  }
  const [, version = 'V1', kind = name] = /^(V\d(?:alpha\d|beta\d)?)(\w+)$/.exec(name) ?? [];
  const group = part === 'kubevirt' ? 'io.kubevirt' : 'io.kubevirt.cdi';
  return { part, name, model: `${group}.${version.toLowerCase()}.${kind}` };
}

/** Fields of CDI that begin with a capital letter, by the interface. */
const capitals = { V1beta1ImportStatus: ['dataVolumeName', 'digest'] };

/** The name in JSON: the generator of the package makes TypeScript names of some. */
function jsonName(name, owner) {
  if (capitals[owner]?.includes(name)) return name[0].toUpperCase() + name.slice(1);
  if (name.startsWith('xKubernetes')) {
    return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  }
  if (name.startsWith('_')) return name.slice(1);
  return /^[a-z][A-Z]{2}/.test(name) ? name[0].toUpperCase() + name.slice(1) : name;
}

function descriptionOf(node) {
  const comment = node.jsDoc?.at(-1)?.comment;
  return (typeof comment === 'string' ? comment : '').trim();
}

function toSchema(context, type, name) {
  if (ts.isArrayTypeNode(type)) {
    return { type: 'array', items: toSchema(context, type.elementType, name) };
  }
  if (ts.isTypeLiteralNode(type)) {
    const [index] = type.members;
    const values = index?.type && toSchema(context, index.type, name);
    if (values?.type === 'string' && quantityMaps.has(name)) {
      return { type: 'object', additionalProperties: { $ref: quantity } };
    }
    return { type: 'object', ...(values && { additionalProperties: values }) };
  }
  if (ts.isTypeReferenceNode(type)) {
    const reference = type.typeName.text;
    if (reference === 'Array') {
      return { type: 'array', items: toSchema(context, type.typeArguments[0], name) };
    }
    const values = parts[context.part].enums.get(reference);
    // Of KubeVirt's and CDI's fields those with enumerations of Kubernetes' own: their definitions leave them out.
    if (values) return { type: 'string' };
    const found = locate(context.part, reference);
    if (!parts[found.part].interfaces.has(found.name)) {
      throw new Error(`${context.part}: there is no type ${reference}`);
    }
    context.waiting.push(found);
    return { $ref: found.model };
  }
  switch (type.kind) {
    case ts.SyntaxKind.StringKeyword:
      if (quantities.has(name)) return { $ref: quantity };
      return intsOrStrings.has(name) ? { $ref: intOrString } : { type: 'string' };
    case ts.SyntaxKind.BooleanKeyword:
      return { type: 'boolean' };
    case ts.SyntaxKind.NumberKeyword:
      return fractions.has(name) ? { type: 'number' } : { type: 'integer' };
    case ts.SyntaxKind.ObjectKeyword:
      // KubeVirt and CDI have only structures without fields here, Kubernetes raw extensions.
      return context.part === 'kubernetes'
        ? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
        : { type: 'object' };
    case ts.SyntaxKind.AnyKeyword:
      return { 'x-kubernetes-preserve-unknown-fields': true };
    default:
      throw new Error(`${context.part}: cannot translate the type of ${name}`);
  }
}

/** Scalars that the package's documents describe in the place of the field. */
const described = [
  [/^Quantity is a fixed-point/, { $ref: quantity }],
  [/^IntOrString is a type/, { $ref: intOrString }],
  [/^MicroTime is version of Time/, { $ref: `${meta}.MicroTime` }],
  [/^Time is a wrapper/, { $ref: `${meta}.Time` }],
];

function toProperty(context, member) {
  const name = jsonName(member.name.text, context.owner);
  const description = descriptionOf(member);
  const known = described.find(([pattern]) => pattern.test(description));
  if (known) return [name, known[1]];
  const schema = toSchema(context, member.type, name);
  return [name, description === '' ? schema : { description, ...schema }];
}

/** A schema with what schemaMarks.mjs knows of it; `items` are those of a list. */
function marked(schema, { items, ...marks } = {}) {
  return { ...schema, ...marks, ...(items && { items: { ...schema.items, ...items } }) };
}

function toModel({ part, name, model }, waiting) {
  const declaration = parts[part].interfaces.get(name);
  const members = declaration.members.filter((member) => ts.isPropertySignature(member));
  const description = descriptionOf(declaration);
  const required = members.filter((member) => !member.questionToken);
  const marks = fieldMarks[model] ?? {};
  const properties = [
    ...members.map((member) => toProperty({ part, waiting, owner: name }, member)),
    ...Object.entries(added[model] ?? {}),
  ].map(([field, schema]) => [field, marked(schema, marks[field])]);
  const unknown = Object.keys(marks).filter(
    (field) => !properties.some(([name]) => name === field),
  );
  if (unknown.length > 0) throw new Error(`${model} has no ${unknown.join(', ')}`);
  return {
    ...(description !== '' && { description }),
    type: 'object',
    ...modelMarks[model],
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(required.length > 0 && {
      required: required.map(({ name: key }) => jsonName(key.text, name)),
    }),
  };
}

const quantityPattern =
  '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$';

/** All models by their OpenAPI names; `$ref` is the name of another. */
function makeModels() {
  const models = {
    [quantity]: {
      description: 'A number with an optional suffix, such as 500m, 2 or 1Gi.',
      'x-kubernetes-int-or-string': true,
      pattern: quantityPattern,
    },
    [intOrString]: { 'x-kubernetes-int-or-string': true, format: 'int-or-string' },
    [`${meta}.Time`]: { type: 'string', format: 'date-time' },
    [`${meta}.MicroTime`]: { type: 'string', format: 'date-time' },
  };
  const waiting = Object.entries(roots).flatMap(([part, pattern]) =>
    [...parts[part].interfaces.keys()]
      .filter((name) => pattern.test(name) && !left.test(name))
      .map((name) => locate(part, name)),
  );
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.model === undefined) throw new Error(`${next.name}: of which group?`);
    models[next.model] ??= toModel(next, waiting);
  }
  const lost = [...Object.keys(fieldMarks), ...Object.keys(modelMarks)].filter(
    (name) => models[name] === undefined,
  );
  if (lost.length > 0) throw new Error(`there is no model ${lost.join(', ')}`);
  return Object.fromEntries(Object.entries(models).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function writeSchemas() {
  const file = join(root, schemaOutput);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(makeModels()));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeSchemas();
