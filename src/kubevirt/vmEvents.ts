/** The part of a core/v1 Event that is shown; either of two ways to write counts and times. */
export interface KubernetesEvent {
  metadata?: { uid?: string; name?: string; creationTimestamp?: string };
  involvedObject?: { kind?: string; name?: string };
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  series?: { count?: number; lastObservedTime?: string };
}

export interface EventRow {
  key: string;
  kind: string;
  name: string;
  isWarning: boolean;
  reason: string;
  message: string;
  count: number;
  /** ISO 8601. */
  lastSeen: string;
}

export function toEventRow(event: KubernetesEvent): EventRow {
  const { metadata, involvedObject, series } = event;
  return {
    key: metadata?.uid ?? metadata?.name ?? '',
    kind: involvedObject?.kind ?? '',
    name: involvedObject?.name ?? '',
    isWarning: event.type === 'Warning',
    reason: event.reason ?? '',
    message: event.message ?? '',
    count: series?.count ?? event.count ?? 1,
    lastSeen:
      series?.lastObservedTime ??
      event.lastTimestamp ??
      event.eventTime ??
      event.firstTimestamp ??
      metadata?.creationTimestamp ??
      '',
  };
}

interface Subject {
  name: string;
  /** Events before are of another VM that had the name. ISO 8601. */
  created: string;
  /** DataVolumes of the VM; their claims have the same names. */
  dataVolumes: readonly string[];
}

/**
 * Events about a VM, its instance, its launcher pods and its volumes, newest first. Pods are known
 * by their name, as those that have gone are still spoken of: `virt-launcher-<name>-<five letters>`
 * (KubeVirt pkg/virt-controller/services/template.go).
 */
export function vmEvents(rows: readonly EventRow[], subject: Subject): readonly EventRow[] {
  const pod = new RegExp(`^(?:virt-launcher|importer)-${subject.name}-[a-z0-9]{5}$`);
  return rows
    .filter(({ kind, name, lastSeen }) => {
      if (lastSeen < subject.created) return false;
      switch (kind) {
        case 'VirtualMachine':
        case 'VirtualMachineInstance':
          return name === subject.name;
        case 'Pod':
          return pod.test(name);
        case 'DataVolume':
        case 'PersistentVolumeClaim':
          return subject.dataVolumes.includes(name);
        default:
          return false;
      }
    })
    .sort((a, b) => (a.lastSeen > b.lastSeen ? -1 : a.lastSeen < b.lastSeen ? 1 : 0));
}
