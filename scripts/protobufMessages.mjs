// Makes the tables of cluster/src/apiserver/http/protobuf from a checkout of k8s.io/api and one of
// k8s.io/apimachinery: node scripts/protobufMessages.mjs API_DIR APIMACHINERY_DIR
//
// generated.proto gives numbers and types; types.go gives what it lacks: which fields lie inline in
// JSON, and which are left out of it when they are zero.
import { readFile, writeFile } from 'node:fs/promises';

const [api, machinery] = process.argv.slice(2);

/** What clients send, by the package of its kind. */
const kinds = {
  core: 'Namespace Node Pod Binding Service Endpoints ConfigMap Secret ServiceAccount PersistentVolumeClaim PersistentVolume ResourceQuota LimitRange Event',
  apps: 'Deployment ReplicaSet StatefulSet DaemonSet ControllerRevision',
  batch: 'Job CronJob',
  policy: 'PodDisruptionBudget Eviction',
  scheduling: 'PriorityClass',
  coordination: 'Lease',
  networking: 'NetworkPolicy Ingress IngressClass',
  discovery: 'EndpointSlice',
  storage: 'StorageClass CSIDriver CSIStorageCapacity VolumeAttachment',
  rbac: 'Role ClusterRole RoleBinding ClusterRoleBinding',
  authorization:
    'SubjectAccessReview SelfSubjectAccessReview LocalSubjectAccessReview SelfSubjectRulesReview',
  authentication: 'TokenReview TokenRequest SelfSubjectReview',
  autoscaling: 'Scale',
  events: 'Event',
  meta: 'DeleteOptions',
};

/** Messages that JSON has in a form of its own. */
const scalars = {
  'meta.Time': 'time',
  'meta.MicroTime': 'time',
  'meta.FieldsV1': 'json',
  'runtime.RawExtension': 'json',
  'resource.Quantity': 'quantity',
  'intstr.IntOrString': 'intOrString',
};

const messages = new Map();
const omitted = new Map();
for (const name of Object.keys(kinds)) {
  const folder = name === 'meta' ? `${machinery}/pkg/apis/meta/v1` : `${api}/${name}/v1`;
  readProto(name, await readFile(`${folder}/generated.proto`, 'utf8'));
  readGo(name, await readFile(`${folder}/types.go`, 'utf8'));
}

function readProto(pack, text) {
  let fields;
  for (const line of text.split('\n')) {
    const start = /^message (\w+) \{/.exec(line)?.[1];
    if (start !== undefined) messages.set(`${pack}.${start}`, (fields = []));
    const field = /^ {2}(optional|repeated|map<string, ?)\s*([.\w]+)>? (\w+) = (\d+);/.exec(line);
    if (field === null || fields === undefined) continue;
    const [, label, type, name, number] = field;
    const shape = label === 'repeated' ? '[]' : label === 'optional' ? '' : '{}';
    fields.push({ name, number: Number(number), shape, type: typeOf(pack, type) });
  }
}

function typeOf(pack, type) {
  if (['string', 'bytes', 'bool'].includes(type)) return type;
  if (/^u?int\d+$/.test(type)) return 'number';
  const parts = type.split('.').filter((part) => part !== '');
  const name = parts.at(-1);
  if (parts.length === 1) return `${pack}.${name}`;
  const home = /^v1$/.test(parts.at(-2)) ? parts.at(-3) : parts.at(-2);
  return `${home}.${name}`;
}

/** By message and number: the JSON name, '' when inline, and whether zero is left out. */
function readGo(pack, text) {
  let struct;
  for (const line of text.split('\n')) {
    struct = /^type (\w+) struct/.exec(line)?.[1] ?? struct;
    const json = /json:"([^"]*)"/.exec(line)?.[1];
    const number = /protobuf:"(?:varint|bytes),(\d+)/.exec(line)?.[1];
    if (json === undefined || number === undefined) continue;
    const [name = '', ...options] = json.split(',');
    const omitZero = options.includes('omitempty') && !/^\s+\w+\s+\*/.test(line);
    omitted.set(`${pack}.${struct} ${number}`, { name, omitZero });
  }
}

const roots = Object.entries(kinds).flatMap(([pack, names]) =>
  names.split(' ').map((name) => `${pack}.${name}`),
);
const wanted = new Set(roots);
const lines = [];
for (const message of wanted) {
  const fields = (messages.get(message) ?? fail(message)).map(({ name, number, shape, type }) => {
    const go = omitted.get(`${message} ${number}`);
    const written = scalars[type] ?? type;
    if (written.includes('.')) wanted.add(written);
    if (go?.name === '' && shape === '') return `${number} ...${written}`;
    const isSmall = shape === '' && (written === 'number' || written === 'bool');
    return `${number} ${go?.name || name} ${shape}${written}${isSmall && go?.omitZero ? '?' : ''}`;
  });
  lines.push(`${message}: ${fields.join(', ')}`);
}

function fail(message) {
  throw new Error(`${message} is in none of the files`);
}

// ExtraValue is a list without a name of its own in JSON.
const texts = lines
  .filter((line) => !line.includes('.ExtraValue:'))
  .map((line) => line.replaceAll(/\w+\.ExtraValue/g, 'strings'))
  .sort();
const isCore = (line) => line.startsWith('core.');
await write('coreMessages', texts.filter(isCore));
await write(
  'groupMessages',
  texts.filter((line) => !isCore(line)),
);

async function write(name, content) {
  const text = `/**
 * Fields of Kubernetes' built-in kinds on the wire, made by scripts/protobufMessages.mjs from k8s.io/api
 * v0.33: \`number name type\`, with [] for a list, {} for a map by strings, ... for a message whose fields
 * lie inline in JSON, ? for what JSON leaves out when it is zero.
 */
export const ${name} = \`
${content.join('\n')}
\`;
`;
  await writeFile(`cluster/src/apiserver/http/protobuf/${name}.ts`, text);
}
