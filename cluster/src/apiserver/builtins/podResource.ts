import { invalid } from '../ApiError.ts';
import { required } from '../causes.ts';
import type { KubeObject } from '../../client/KubeClient.ts';
import { qosClass } from '../../client/qosClass.ts';
import type { ContainerStatus, Pod } from '../../client/resources.ts';
import { ageColumn } from '../printing/ageColumn.ts';
import type { PrinterColumn } from '../ResourceDefinition.ts';
import { applyLimitRanges, requirePodInRange } from '../limits/limitRanger.ts';
import { builtin } from './builtin.ts';
import { podEviction } from './podEviction.ts';
import { setPriority } from './podPriority.ts';
import { requirePodSecurity } from './podSecurity.ts';

/** Seconds that a pod has to end when nobody says otherwise. */
const defaultGracePeriodSeconds = 30;

function column(
  name: string,
  value: (pod: Pod) => string | number | undefined,
  priority = 0,
): PrinterColumn {
  return {
    name,
    type: 'string',
    value: (object: KubeObject) => value(object as Pod) ?? '<none>',
    priority,
  };
}

function readyText({ spec, status }: Pod): string {
  const ready = (status?.containerStatuses ?? []).filter((container) => container.ready).length;
  return `${ready}/${spec.containers.length}`;
}

/** As kubectl words it: why a container waits or ended tells more than the pod's phase. */
function statusText({ metadata, status }: Pod): string {
  const containers = status?.containerStatuses ?? [];
  const reason = containers.map(stateReason).findLast((text) => text !== undefined);
  const text = status?.reason ?? reason ?? status?.phase ?? 'Unknown';
  if (metadata.deletionTimestamp === undefined) return text;
  return status?.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
}

function stateReason({ state }: ContainerStatus): string | undefined {
  if (state?.waiting?.reason !== undefined) return state.waiting.reason;
  const ended = state?.terminated;
  if (ended === undefined) return undefined;
  if (ended.reason !== undefined && ended.reason !== '') return ended.reason;
  return ended.signal ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode}`;
}

function restarts({ status }: Pod): number {
  return (status?.containerStatuses ?? []).reduce((sum, one) => sum + one.restartCount, 0);
}

/** A client may leave out what the type of a pod takes for granted. */
function requireContainers(pod: Pod): void {
  const containers: unknown = pod.spec.containers;
  if (Array.isArray(containers) && containers.length > 0) return;
  throw invalid({ group: '', kind: 'Pod' }, pod.metadata.name, [required('spec.containers')]);
}

/** Pods stay for 5 minutes on a node that is lost, unless they say otherwise (DefaultTolerationSeconds). */
function defaultTolerations({ spec }: Pod): void {
  for (const state of ['not-ready', 'unreachable']) {
    const key = `node.kubernetes.io/${state}`;
    const effect = 'NoExecute';
    const known = (spec.tolerations ?? []).some(
      (one) => (!one.key || one.key === key) && (!one.effect || one.effect === effect),
    );
    if (known) continue;
    const toleration = { key, operator: 'Exists', effect, tolerationSeconds: 300 };
    spec.tolerations = [...(spec.tolerations ?? []), toleration];
  }
}

export const podResource = builtin<Pod>({
  group: '',
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
  connect: { eviction: podEviction() },
  selectableFields: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  columns: [
    column('Ready', readyText),
    column('Status', statusText),
    column('Restarts', restarts),
    ageColumn,
    column('IP', ({ status }) => status?.podIP, 1),
    column('Node', ({ spec }) => spec.nodeName, 1),
    column('Nominated Node', ({ status }) => status?.nominatedNodeName, 1),
    column(
      'Readiness Gates',
      ({ spec, status }) => {
        const gates = spec.readinessGates;
        if (gates === undefined || gates.length === 0) return undefined;
        const passed = gates.filter(({ conditionType }) =>
          status?.conditions?.some(
            ({ type, status: value }) => type === conditionType && value === 'True',
          ),
        );
        return `${passed.length}/${gates.length}`;
      },
      1,
    ),
  ],
  admission: {
    async mutate(context) {
      const { operation, object } = context;
      if (object !== undefined) requireContainers(object);
      if (operation !== 'CREATE') return;
      await setPriority(context);
      await applyLimitRanges(context);
      object.spec.restartPolicy ??= 'Always';
      object.spec.schedulerName ??= 'default-scheduler';
      object.spec.serviceAccountName ??= 'default';
      object.spec.terminationGracePeriodSeconds ??= defaultGracePeriodSeconds;
      defaultTolerations(object);
      object.status = { phase: 'Pending', qosClass: qosClass(object) };
    },
    async validate(context) {
      await requirePodSecurity(context);
      await requirePodInRange(context);
    },
  },
  /** A pod that no node has taken, or that has ended, goes at once. */
  gracePeriodSeconds({ spec, status }, options) {
    if (spec.nodeName === undefined || spec.nodeName === '') return 0;
    if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0;
    return (
      options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? defaultGracePeriodSeconds
    );
  },
});
