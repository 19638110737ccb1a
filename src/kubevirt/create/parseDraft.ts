import { isRecord } from '~/k8s/isRecord';
import { cloudConfigMistake, isYaml, writeCloudConfig } from '~/kubevirt/create/cloudConfig';
import type { NewObject } from '~/kubevirt/create/NewObject';
import { type DraftToleration, newRule } from '~/kubevirt/create/placement';
import {
  customCompute,
  diskDraft,
  type DraftCopy,
  type DraftDevice,
  type DraftService,
  type DraftTemplate,
  newDraft,
  noSysprep,
  podNic,
  rootDisk,
  type VmDraft,
} from '~/kubevirt/create/vmDraft';

/**
 * A draft out of what a browser kept, or of a link that somebody else made: what does not have the
 * shape of a draft takes the value of a new one. `undefined` when it is none at all.
 */
export function parseDraft(json: unknown): VmDraft | undefined {
  if (!isRecord(json) || !Array.isArray(json['disks']) || !Array.isArray(json['nics'])) {
    return undefined;
  }
  const draft = fitted(newDraft('', ''), json);
  const compute = isRecord(json['compute']) ? json['compute'] : {};
  const type = compute['type'];
  const { maxSockets, maxMemory } = compute;
  const custom: VmDraft['compute'] = {
    ...fitted(customCompute, compute),
    kind: 'custom',
    ...(typeof maxSockets === 'number' && { maxSockets }),
    ...(isRecord(maxMemory) && { maxMemory: fitted(customCompute.memory, maxMemory) }),
  };
  const yaml = json['yaml'];
  return {
    ...draft,
    compute: isTypeRef(type)
      ? { kind: 'instancetype', type: { kind: type.kind, name: type.name } }
      : custom,
    preference: isTypeRef(json['preference']) ? { ...json['preference'] } : undefined,
    yaml: typeof yaml === 'string' ? yaml : undefined,
    disks: recordsOf(json['disks']).map((one) => {
      const disk = fitted(diskDraft(rootDisk, { kind: 'blank' }), one);
      const bootOrder = one['bootOrder'];
      return {
        ...disk,
        source: isSource(one['source']) ? one['source'] : disk.source,
        bootOrder: typeof bootOrder === 'number' ? bootOrder : undefined,
      };
    }),
    nics: recordsOf(json['nics']).map((one) => {
      const bootOrder = one['bootOrder'];
      return { ...fitted(podNic, one), ...(typeof bootOrder === 'number' && { bootOrder }) };
    }),
    labels: textsOf(json['labels']),
    copy: parseCopy(json['copy']),
    template: parseTemplate(json['template']),
    also: (Array.isArray(json['also']) ? json['also'] : []).filter(isNewObject),
    services: recordsOf(json['services']).map((one) => {
      const { port } = one;
      return { ...fitted(noService, one), ...(typeof port === 'number' && { port }) };
    }),
    devices: recordsOf(json['devices']).map((one) => fitted(noDevice, one)),
    instanceLabels: pairsOf(json['instanceLabels']),
    nodeSelector: pairsOf(json['nodeSelector']),
    rules: recordsOf(json['rules']).map((one) => ({
      ...fitted(newRule, one),
      labels: pairsOf(one['labels']),
    })),
    tolerations: recordsOf(json['tolerations']).map((one) => fitted(noToleration, one)),
  };
}

const noService: DraftService = { port: undefined, type: 'ClusterIP' };
const noDevice: DraftDevice = { kind: 'gpu', name: '', deviceName: '' };
const noToleration: DraftToleration = { key: '', value: '', effect: '' };

function recordsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function pairsOf(value: unknown): (readonly [string, string])[] {
  return (Array.isArray(value) ? value : []).flatMap((pair: unknown) =>
    Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'string'
      ? [[pair[0], pair[1]] as const]
      : [],
  );
}

/** `shape` with those values of `json` that are texts, numbers or objects as the shape's own are. */
function fitted<T extends object>(shape: T, json: Readonly<Record<string, unknown>>): T {
  const result: Record<string, unknown> = Object.fromEntries(Object.entries(shape));
  for (const [key, value] of Object.entries(shape)) {
    const found = json[key];
    if (Array.isArray(value)) continue;
    if (isRecord(value)) result[key] = isRecord(found) ? fitted(value, found) : value;
    else if (value !== undefined && typeof found === typeof value) result[key] = found;
  }
  // The parse boundary: each value has the type of the one whose place it takes. Words of a fixed set
  // are shown as they are and refused by the server.
  return result as T;
}

function isTypeRef(value: unknown): value is { kind: string; name: string } {
  return isRecord(value) && typeof value['kind'] === 'string' && typeof value['name'] === 'string';
}

function parseCopy(value: unknown): DraftCopy | undefined {
  if (!isRecord(value)) return undefined;
  const { cores, memory } = value;
  const shape: DraftCopy = {
    ...{ kind: 'VirtualMachine', name: '', start: false, cores: undefined, memory: undefined },
  };
  return {
    ...fitted(shape, value),
    ...(typeof cores === 'number' && { cores }),
    ...(isRecord(memory) && { memory: fitted(customCompute.memory, memory) }),
  };
}

function parseTemplate(value: unknown): DraftTemplate | undefined {
  if (!isRecord(value)) return undefined;
  const { values } = value;
  const shape = { kind: 'VirtualMachineTemplate' as const, namespace: '', name: '' };
  return {
    ...fitted<Omit<DraftTemplate, 'values'>>(shape, value),
    values: textsOf(values),
  };
}

function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(isRecord(value) ? value : {}).flatMap(([key, text]) =>
      typeof text === 'string' ? [[key, text] as const] : [],
    ),
  );
}

function isNewObject(value: unknown): value is NewObject {
  return isRecord(value) && isRecord(value['model']) && isRecord(value['object']);
}

const sourceKeys: Readonly<Record<string, readonly string[]>> = {
  dataSource: ['namespace', 'name'],
  url: ['url'],
  registry: ['url'],
  clone: ['namespace', 'name'],
  snapshot: ['namespace', 'name'],
  blank: [],
  dataVolume: ['name'],
  claim: ['name'],
  containerDisk: ['image'],
  configMap: ['name'],
  secret: ['name'],
};

function isSource(value: unknown): value is VmDraft['disks'][number]['source'] {
  if (!isRecord(value) || typeof value['kind'] !== 'string') return false;
  return sourceKeys[value['kind']]?.every((key) => typeof value[key] === 'string') ?? false;
}

/**
 * A draft as the part of a link after `#`, which no server sees. Passwords are not in it: a user data
 * out of which they cannot be taken is left out whole, and so are YAML and what else may hold some.
 */
export function draftLink(draft: VmDraft): string {
  const { userData } = draft;
  const isReadable = isYaml(userData) && cloudConfigMistake(userData) === undefined;
  const shared = {
    ...draft,
    yaml: undefined,
    also: [],
    template: draft.template && { ...draft.template, values: {} },
    sysprep: draft.sysprep.kind === 'typed' ? noSysprep : draft.sysprep,
    userData: isReadable ? withoutSecrets(userData) : '',
  };
  const bytes = new TextEncoder().encode(JSON.stringify(shared));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Only a password at the top is known to be one; anything that names another leaves all out. */
function withoutSecrets(userData: string): string {
  if (userData === '') return '';
  const text = writeCloudConfig(userData, { password: '' });
  return /passw|secret|token|private|chpasswd/i.test(text) ? '' : text;
}

export function parseDraftLink(hash: string): VmDraft | undefined {
  const text = hash.replace(/^#/, '').replaceAll('-', '+').replaceAll('_', '/');
  if (text === '') return undefined;
  try {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return parseDraft(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    // No link of ours: the same as none.
    return undefined;
  }
}
