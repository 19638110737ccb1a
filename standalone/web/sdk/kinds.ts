import { abbreviate, fromReference, type GroupVersionKind } from '../k8s/Discovery.ts';

/** Badges that the OpenShift console shows; other kinds take their capitals. */
const badges: Readonly<Record<string, { abbr: string; tone: string }>> = {
  ConfigMap: { abbr: 'CM', tone: 'purple' },
  DataSource: { abbr: 'DS', tone: 'blue' },
  DataVolume: { abbr: 'DV', tone: 'blue' },
  Event: { abbr: 'E', tone: 'gray' },
  Namespace: { abbr: 'NS', tone: 'green' },
  Node: { abbr: 'N', tone: 'purple' },
  PersistentVolume: { abbr: 'PV', tone: 'teal' },
  PersistentVolumeClaim: { abbr: 'PVC', tone: 'teal' },
  Pod: { abbr: 'P', tone: 'teal' },
  Project: { abbr: 'PR', tone: 'green' },
  Secret: { abbr: 'S', tone: 'orange' },
  StorageClass: { abbr: 'SC', tone: 'teal' },
};

export interface KindProps {
  /** `Pod`, or `group~version~Kind`. */
  kind?: string;
  groupVersionKind?: GroupVersionKind;
}

export function groupVersionKindOf({ kind, groupVersionKind }: KindProps): GroupVersionKind {
  if (groupVersionKind) return groupVersionKind;
  return fromReference(kind ?? '') ?? { group: '', version: 'v1', kind: kind ?? '' };
}

/** The badge of a kind: its letters and the name of a colour in sdk.css. */
export function badgeOf(kind: string): { abbr: string; tone: string } {
  return badges[kind] ?? { abbr: abbreviate(kind), tone: 'blue' };
}
