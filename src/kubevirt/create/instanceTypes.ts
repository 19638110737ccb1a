import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { parseQuantity } from '~/k8s/quantity';
import type { TypeRef } from '~/kubevirt/create/vmDraft';

/** An instance type as the forms offer it. */
export interface InstanceTypeRow extends TypeRef {
  /** `Kind/name`; the value of a field. */
  key: string;
  /** Of those that belong to a project. */
  namespace: string;
  /** What the name begins with, before the first dot: `u1`; empty without a dot. */
  series: string;
  /** For people; the series' own words. */
  title: string;
  description: string;
  cpus: number;
  memoryBytes: number;
  /** What nodes must have for it, in KubeVirt's words: huge pages, dedicated CPUs, GPUs. */
  needs: readonly string[];
  created: string;
}

interface InstanceType extends KubernetesObject {
  spec?: {
    cpu?: { guest?: number; dedicatedCPUPlacement?: boolean };
    memory?: { guest?: string; hugepages?: { pageSize?: string } };
    gpus?: { deviceName?: string }[];
    hostDevices?: { deviceName?: string }[];
  };
}

export function typeKey({ kind, name }: TypeRef): string {
  return `${kind}/${name}`;
}

export function parseTypeKey(key: string): TypeRef {
  const [kind = '', name = ''] = key.split('/');
  return { kind, name };
}

const group = 'instancetype.kubevirt.io';

function toInstanceTypeRow(kind: string, { metadata, spec }: InstanceType): InstanceTypeRow {
  const name = metadata?.name ?? '';
  const dot = name.indexOf('.');
  return {
    kind,
    name,
    key: typeKey({ kind, name }),
    namespace: metadata?.namespace ?? '',
    series: dot === -1 ? '' : name.slice(0, dot),
    title: metadata?.annotations?.[`${group}/displayName`] ?? '',
    description: metadata?.annotations?.[`${group}/description`] ?? '',
    cpus: spec?.cpu?.guest ?? 0,
    memoryBytes: parseQuantity(spec?.memory?.guest) ?? 0,
    needs: [
      ...(spec?.cpu?.dedicatedCPUPlacement === true ? ['dedicatedCPUPlacement'] : []),
      ...(spec?.memory?.hugepages ? [`hugepages ${spec.memory.hugepages.pageSize ?? ''}`] : []),
      ...[...(spec?.gpus ?? []), ...(spec?.hostDevices ?? [])].map((one) => one.deviceName ?? ''),
    ],
    created: metadata?.creationTimestamp ?? '',
  };
}

export const toClusterInstanceTypeRow = (object: InstanceType) =>
  toInstanceTypeRow('VirtualMachineClusterInstancetype', object);
export const toProjectInstanceTypeRow = (object: InstanceType) =>
  toInstanceTypeRow('VirtualMachineInstancetype', object);

/** A preference as the forms offer it. */
export interface PreferenceRow extends TypeRef {
  key: string;
  namespace: string;
  title: string;
  created: string;
}

function toPreferenceRow(kind: string, { metadata }: KubernetesObject): PreferenceRow {
  const name = metadata?.name ?? '';
  return {
    kind,
    name,
    key: typeKey({ kind, name }),
    namespace: metadata?.namespace ?? '',
    title:
      metadata?.annotations?.[`${group}/displayName`] ??
      metadata?.annotations?.['openshift.io/display-name'] ??
      '',
    created: metadata?.creationTimestamp ?? '',
  };
}

export const toClusterPreferenceRow = (object: KubernetesObject) =>
  toPreferenceRow('VirtualMachineClusterPreference', object);
export const toProjectPreferenceRow = (object: KubernetesObject) =>
  toPreferenceRow('VirtualMachinePreference', object);
