import type {
  V1beta1DataSource,
  V1beta1DataVolume,
} from '@kubevirt-ui-ext/kubevirt-api/containerized-data-importer';

import { isRecord } from '~/k8s/isRecord';
import { clusterInstancetypes, clusterPreferences } from '~/k8s/models';
import { parseQuantity } from '~/k8s/quantity';
import { typeKey } from '~/kubevirt/create/typeKey';

/** A DataSource as the dialog offers it. */
export interface BootSourceRow {
  /** `namespace/name`; the value of the field. */
  key: string;
  namespace: string;
  name: string;
  /** Name for people. */
  title: string;
  description: string;
  isReady: boolean;
  /** Why it is not ready, in CDI's words. */
  reason: string;
  /** The claim that holds the image; empty when it is a snapshot. */
  claimName: string;
  claimNamespace: string;
  /** Size of the image, where it is written on the DataSource. */
  bytes: number | undefined;
  /** Memory below which it does not boot, where that is written. */
  memoryBytes: number | undefined;
  /** The instance type and the preference that suit it, as `Kind/name`; empty when none is named. */
  instancetype: string;
  preference: string;
}

/** A claim that may hold an image: how large it is. */
export interface ClaimRow {
  name: string;
  bytes: number | undefined;
}

/** A DataVolume that may be filling a claim: how far it is. */
export interface ImportRow {
  name: string;
  phase: string;
  /** 0 to 100. */
  percent: number | undefined;
}

/**
 * Where a display name may be written, best first. The first two are conventions of OpenShift, the
 * last is set by virtdeck's local cluster.
 */
const TITLE_KEYS = ['openshift.io/display-name', 'virtdeck.io/display-name'] as const;
const DESCRIPTION_KEYS = ['description', 'openshift.io/description', 'virtdeck.io/description'];
/** src: CDI and KubeVirt API constants; names the preference, which is named after the system. */
const PREFERENCE_LABEL = 'instancetype.kubevirt.io/default-preference';
const INSTANCETYPE_LABEL = 'instancetype.kubevirt.io/default-instancetype';

function firstOf(
  values: Readonly<Record<string, string>> | undefined,
  keys: readonly string[],
): string {
  for (const key of keys) {
    const value = values?.[key];
    if (value) return value;
  }
  return '';
}

/** Without a kind it is one of the cluster (KubeVirt pkg/instancetype/infer at d923fdb). */
function defaultType(
  labels: Readonly<Record<string, string>> | undefined,
  label: string,
  clusterKind: string,
): string {
  const name = labels?.[label];
  return name === undefined
    ? ''
    : typeKey({ kind: labels?.[`${label}-kind`] ?? clusterKind, name });
}

export function toBootSourceRow({ metadata, spec, status }: V1beta1DataSource): BootSourceRow {
  const { name = '', namespace = '', labels, annotations } = metadata ?? {};
  const ready = status?.conditions?.find((condition) => condition.type === 'Ready');
  const claim = (status?.source ?? spec.source).pvc;
  return {
    key: `${namespace}/${name}`,
    namespace,
    name,
    title: firstOf(annotations, TITLE_KEYS) || name,
    description: firstOf(annotations, DESCRIPTION_KEYS) || firstOf(labels, [PREFERENCE_LABEL]),
    isReady: ready?.status === 'True',
    reason: ready?.message ?? ready?.reason ?? '',
    claimName: claim?.name ?? '',
    claimNamespace: claim?.namespace ?? namespace,
    bytes: parseQuantity(annotations?.['virtdeck.io/size']),
    memoryBytes: parseQuantity(annotations?.['virtdeck.io/minimum-memory']),
    instancetype: defaultType(labels, INSTANCETYPE_LABEL, clusterInstancetypes.kind),
    preference: defaultType(labels, PREFERENCE_LABEL, clusterPreferences.kind),
  };
}

export function toClaimRow(claim: {
  metadata?: { name?: string };
  spec?: { resources?: { requests?: unknown } };
}): ClaimRow {
  const requests = claim.spec?.resources?.requests;
  const storage = isRecord(requests) ? requests['storage'] : undefined;
  return {
    name: claim.metadata?.name ?? '',
    bytes: typeof storage === 'string' ? parseQuantity(storage) : undefined,
  };
}

export function toImportRow({ metadata, status }: V1beta1DataVolume): ImportRow {
  const percent = Number.parseFloat(status?.progress ?? '');
  return {
    name: metadata?.name ?? '',
    phase: status?.phase ?? 'Pending',
    percent: Number.isNaN(percent) ? undefined : percent,
  };
}

/** By namespace, each sorted by title; ready ones first. */
export function groupByNamespace(
  rows: readonly BootSourceRow[],
): readonly (readonly [namespace: string, rows: readonly BootSourceRow[]])[] {
  const groups = new Map<string, BootSourceRow[]>();
  for (const row of rows) groups.set(row.namespace, [...(groups.get(row.namespace) ?? []), row]);
  for (const group of groups.values()) {
    group.sort((a, b) => Number(b.isReady) - Number(a.isReady) || a.title.localeCompare(b.title));
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}
