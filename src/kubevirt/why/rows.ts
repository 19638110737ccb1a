/** What is kept of a PersistentVolumeClaim. */
export interface ClaimRow {
  name: string;
  /** `Pending`, `Bound` or `Lost`. */
  phase: string;
  storageClass: string;
  /** What it has, once bound, else what it asks for; as a quantity. */
  capacity: string;
  /** What it asks for; as a quantity. */
  requested: string;
  accessModes: readonly string[];
  /** Of a resize that waits, in the server's words. */
  resizing: string;
}

interface Claim {
  metadata?: { name?: string };
  spec?: {
    storageClassName?: string;
    accessModes?: string[];
    resources?: { requests?: { storage?: string } };
  };
  status?: {
    phase?: string;
    capacity?: { storage?: string };
    conditions?: { type: string; status: string; message?: string }[];
  };
}

export function toClaimRow({ metadata, spec, status }: Claim): ClaimRow {
  const requested = spec?.resources?.requests?.storage ?? '';
  const resizing = status?.conditions?.find(
    ({ type, status: value }) => /Resiz/.test(type) && value === 'True',
  );
  return {
    name: metadata?.name ?? '',
    phase: status?.phase ?? 'Pending',
    storageClass: spec?.storageClassName ?? '',
    capacity: status?.capacity?.storage ?? requested,
    requested,
    accessModes: spec?.accessModes ?? [],
    resizing: resizing ? (resizing.message ?? resizing.type) : '',
  };
}

/** What is kept of a launcher pod. */
export interface PodRow {
  name: string;
  phase: string;
  node: string;
  /** Containers whose logs can be read, the guest's serial log among them where it is kept. */
  containers: readonly string[];
  /** What a container waits for, or ended with: `OOMKilled`; empty when all is well. */
  trouble: string;
  troubleMessage: string;
}

interface ContainerStatus {
  name: string;
  state?: {
    waiting?: { reason?: string; message?: string };
    terminated?: { reason?: string; message?: string; exitCode?: number };
  };
}

interface Pod {
  metadata?: { name?: string };
  spec?: { nodeName?: string; containers?: { name: string }[] };
  status?: { phase?: string; containerStatuses?: ContainerStatus[] };
}

/** Waiting for these is the ordinary way of a pod that starts. */
const ordinary = ['ContainerCreating', 'PodInitializing', 'Completed'];

export function toPodRow({ metadata, spec, status }: Pod): PodRow {
  const states = (status?.containerStatuses ?? []).flatMap(({ state }) => [
    state?.waiting,
    state?.terminated,
  ]);
  const trouble = states.find((state) => state?.reason && !ordinary.includes(state.reason));
  return {
    name: metadata?.name ?? '',
    phase: status?.phase ?? '',
    node: spec?.nodeName ?? '',
    containers: (spec?.containers ?? []).map(({ name }) => name),
    trouble: trouble?.reason ?? '',
    troubleMessage: trouble?.message ?? '',
  };
}
