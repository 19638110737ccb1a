import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { Failure } from '~/k8s/errors';
import { type Amount, toAmount } from '~/kubevirt/create/amount';
import { draftVm } from '~/kubevirt/create/draftVm';
import { parseTypeKey, typeKey } from '~/kubevirt/create/typeKey';
import {
  customCompute,
  diskDraft,
  type DraftSource,
  newDraft,
  podNic,
  rootDisk,
  type TypeRef,
  type VmDraft,
} from '~/kubevirt/create/vmDraft';

/** Value of the boot source field for a disk without content. */
export const BLANK = 'blank';

/** The form, field by field. */
export interface VmFormValues {
  name: string;
  namespace: string;
  description: string;
  /** `namespace/name` of a DataSource, or `BLANK`; empty when nothing is chosen. */
  source: string;
  /** `Kind/name` of an instance type; empty for CPU and memory of its own. */
  instancetype: string;
  /** `Kind/name` of a preference; empty for none. */
  preference: string;
  disk: Amount;
  cpus: number | undefined;
  memory: Amount;
  startAtOnce: boolean;
}

const GIB = 2 ** 30;

/** What is known of a boot source's needs, in bytes. */
export interface SourceNeeds {
  bytes: number | undefined;
  memoryBytes: number | undefined;
}

/**
 * Sizes to begin with: 2 GiB of memory and a disk of 10 GiB suit what people install; an image that
 * gets by with little, such as one for trials, gets little.
 */
export function suggestSizes({ bytes = 0, memoryBytes }: SourceNeeds): {
  disk: Amount;
  memory: Amount;
} {
  const isSmall = memoryBytes !== undefined && memoryBytes < GIB / 4;
  return {
    disk: toAmount(Math.max(isSmall ? GIB : 10 * GIB, bytes)),
    memory: toAmount(isSmall ? GIB / 4 : Math.max(2 * GIB, memoryBytes ?? 0)),
  };
}

/** The instance type that a boot source names, where the cluster has it; empty for none. */
export function suggestType(
  row: { instancetype: string } | undefined,
  types: readonly TypeRef[],
): string {
  return types.map(typeKey).find((key) => key === row?.instancetype) ?? '';
}

const WORDS = {
  first: 'amber bold calm clever copper coral eager early fair gentle golden green'.split(' '),
  second: 'beaver crane falcon finch fox heron lynx marten otter owl robin wren'.split(' '),
};

function pick(words: readonly string[], random: () => number): string {
  return words[Math.floor(random() * words.length)] ?? '';
}

/** A name that can be kept or typed over: `amber-otter`. */
export function suggestName(random: () => number): string {
  return `${pick(WORDS.first, random)}-${pick(WORDS.second, random)}`;
}

const SYSTEM_PROJECT = /^(?:kube|openshift|kubevirt|cdi|hostpath-provisioner)(?:-|$)|^openshift$/;

/** The project to begin with, when none is given: `default`, or the first that is not a system's. */
export function suggestProject(names: readonly string[]): string {
  if (names.includes('default')) return 'default';
  return [...names].sort().find((name) => !SYSTEM_PROJECT.test(name)) ?? '';
}

/**
 * The same as a draft, for the wizard and for the manifest. `primary` is the user-defined network that is
 * the pod network of the project, where there is one: it has a binding of its own.
 */
export function quickDraft(values: VmFormValues, primary?: string): VmDraft {
  const [namespace = '', name = ''] = values.source.split('/');
  const source: DraftSource =
    values.source === BLANK || values.source === ''
      ? { kind: 'blank' }
      : { kind: 'dataSource', namespace, name };
  const disk = { ...diskDraft(rootDisk, source), size: values.disk };
  return {
    ...newDraft(values.name, values.namespace),
    description: values.description.trim(),
    disks: [disk],
    nics: [primary === undefined ? podNic : { ...podNic, binding: 'l2bridge' }],
    compute:
      values.instancetype === ''
        ? { ...customCompute, cores: values.cpus ?? 1, memory: values.memory }
        : { kind: 'instancetype', type: parseTypeKey(values.instancetype) },
    preference: values.preference === '' ? undefined : parseTypeKey(values.preference),
    runStrategy: values.startAtOnce ? 'Always' : 'Halted',
  };
}

/** The manifest that is sent. */
export function toVm(values: VmFormValues, primary?: string): V1VirtualMachine {
  return draftVm(quickDraft(values, primary), values.name);
}

export type FieldName = keyof VmFormValues;

/** Which field shows a cause, by its path. KubeVirt's paths are made by hand, so loosely. */
function fieldOf(path: string): FieldName | undefined {
  if (/^metadata\.(?:name|generateName)$/.test(path)) return 'name';
  if (path === 'metadata.namespace') return 'namespace';
  if (/annotations/.test(path)) return 'description';
  if (/runStrategy|spec\.running/i.test(path)) return 'startAtOnce';
  if (/instancetype/i.test(path)) return 'instancetype';
  if (/\.memory|resources\.(?:requests|limits)\.memory/.test(path)) return 'memory';
  if (/\.cpu\b|resources\.(?:requests|limits)\.cpu/.test(path)) return 'cpus';
  if (/dataVolumeTemplate/i.test(path)) {
    return /\.source/i.test(path) ? 'source' : /storage|pvc|size/i.test(path) ? 'disk' : undefined;
  }
  return undefined;
}

export interface FormFailure {
  fields: Partial<Record<FieldName, string>>;
  /** What no field shows; `undefined` when all was placed. */
  rest: { title: string; detail: string } | undefined;
}

/** Places the server's refusal: causes at their fields, everything else above the form. */
export function placeFailure(failure: Failure): FormFailure {
  const { title, detail, status, causes } = failure;
  if (status === 409) return { fields: { name: detail }, rest: undefined };
  if (status === 404 && detail.includes('namespaces ')) {
    return { fields: { namespace: detail }, rest: undefined };
  }
  const fields: Partial<Record<FieldName, string>> = {};
  const homeless: string[] = [];
  for (const { field, message } of causes) {
    const name = fieldOf(field);
    if (name === undefined) homeless.push(field ? `${field}: ${message}` : message);
    else fields[name] = fields[name] ? `${fields[name]} ${message}` : message;
  }
  if (causes.length === 0) return { fields, rest: { title, detail } };
  return {
    fields,
    rest: homeless.length === 0 ? undefined : { title, detail: homeless.join('\n') },
  };
}
