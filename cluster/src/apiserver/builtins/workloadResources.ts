import type { KubeObject } from '../../client/KubeClient.ts';
import type {
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  PodTemplate,
  ReplicaSet,
  StatefulSet,
} from '../../client/resources.ts';
import {
  type LabelSelector,
  labelSelectorText,
  matchesSelector,
} from '../../client/labelSelector.ts';
import { invalid } from '../ApiError.ts';
import { required } from '../causes.ts';
import { ageColumn } from '../printing/ageColumn.ts';
import { computedColumn } from '../printing/columns.ts';
import { humanDuration } from '../printing/humanDuration.ts';
import type { AdmissionContext, PrinterColumn, ResourceDefinition } from '../ResourceDefinition.ts';
import { builtin } from './builtin.ts';

type Selecting = KubeObject & {
  spec: { selector?: LabelSelector; template?: PodTemplate };
};

const apps = { group: 'apps', categories: ['all'], namespaced: true } as const;
const scalable = {
  status: true,
  scale: {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.status.selector',
  },
} as const;

const containers = (template: PodTemplate | undefined, field: 'name' | 'image') =>
  (template?.spec?.containers ?? []).map((container) => container[field] ?? '').join(',');

/** The columns of `-o wide` that all workloads have. */
const podColumns: PrinterColumn[] = [
  computedColumn<Selecting>('Containers', ({ spec }) => containers(spec.template, 'name'), 1),
  computedColumn<Selecting>('Images', ({ spec }) => containers(spec.template, 'image'), 1),
  computedColumn<Selecting>('Selector', ({ spec }) => labelSelectorText(spec.selector), 1),
];

/** The pods that a workload makes must be its own: pkg/apis/apps/validation of Kubernetes 1.33. */
function requireOwnPods(resource: { group: string; kind: string }) {
  return ({ operation, object, name }: AdmissionContext<Selecting>): void => {
    if (operation === 'DELETE') return;
    const { selector, template } = object.spec;
    if (selector === undefined) {
      throw invalid(resource, name, [required('spec.selector')]);
    }
    const labels = template?.metadata?.labels ?? {};
    if (matchesSelector(selector, labels)) return;
    const message = `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``;
    const field = 'spec.template.metadata.labels';
    throw invalid(resource, name, [{ reason: 'FieldValueInvalid', message, field }]);
  };
}

const deployment = builtin<Deployment>({
  ...apps,
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  subresources: scalable,
  columns: [
    computedColumn<Deployment>(
      'Ready',
      ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
    ),
    computedColumn<Deployment>('Up-to-date', ({ status }) => status?.updatedReplicas ?? 0),
    computedColumn<Deployment>('Available', ({ status }) => status?.availableReplicas ?? 0),
    ageColumn,
    ...podColumns,
  ],
  admission: {
    mutate({ operation, object }) {
      if (operation === 'DELETE') return;
      const { spec } = object;
      spec.replicas ??= 1;
      spec.revisionHistoryLimit ??= 10;
      spec.progressDeadlineSeconds ??= 600;
      spec.strategy ??= { type: 'RollingUpdate' };
      if (spec.strategy.type === 'RollingUpdate') {
        spec.strategy.rollingUpdate ??= { maxSurge: '25%', maxUnavailable: '25%' };
      }
    },
    validate: requireOwnPods({ group: 'apps', kind: 'Deployment' }),
  },
});

const replicaSet = builtin<ReplicaSet>({
  ...apps,
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  subresources: scalable,
  columns: [
    computedColumn<ReplicaSet>('Desired', ({ spec }) => spec.replicas ?? 0),
    computedColumn<ReplicaSet>('Current', ({ status }) => status?.replicas ?? 0),
    computedColumn<ReplicaSet>('Ready', ({ status }) => status?.readyReplicas ?? 0),
    ageColumn,
    ...podColumns,
  ],
  admission: {
    mutate({ operation, object }) {
      if (operation !== 'DELETE') object.spec.replicas ??= 1;
    },
    validate: requireOwnPods({ group: 'apps', kind: 'ReplicaSet' }),
  },
});

const statefulSet = builtin<StatefulSet>({
  ...apps,
  kind: 'StatefulSet',
  plural: 'statefulsets',
  shortNames: ['sts'],
  subresources: scalable,
  columns: [
    computedColumn<StatefulSet>(
      'Ready',
      ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
    ),
    ageColumn,
    ...podColumns.slice(0, 2),
  ],
  admission: {
    mutate({ operation, object }) {
      if (operation === 'DELETE') return;
      const { spec } = object;
      spec.replicas ??= 1;
      spec.podManagementPolicy ??= 'OrderedReady';
      spec.revisionHistoryLimit ??= 10;
      spec.updateStrategy ??= { type: 'RollingUpdate', rollingUpdate: { partition: 0 } };
    },
    validate: requireOwnPods({ group: 'apps', kind: 'StatefulSet' }),
  },
});

const daemonSet = builtin<DaemonSet>({
  ...apps,
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  subresources: { status: true },
  columns: [
    computedColumn<DaemonSet>('Desired', ({ status }) => status?.desiredNumberScheduled ?? 0),
    computedColumn<DaemonSet>('Current', ({ status }) => status?.currentNumberScheduled ?? 0),
    computedColumn<DaemonSet>('Ready', ({ status }) => status?.numberReady ?? 0),
    computedColumn<DaemonSet>('Up-to-date', ({ status }) => status?.updatedNumberScheduled ?? 0),
    computedColumn<DaemonSet>('Available', ({ status }) => status?.numberAvailable ?? 0),
    computedColumn<DaemonSet>('Node Selector', ({ spec }) =>
      labelSelectorText({ matchLabels: spec.template.spec?.nodeSelector ?? {} }),
    ),
    ageColumn,
    ...podColumns,
  ],
  admission: {
    mutate({ operation, object }) {
      if (operation === 'DELETE') return;
      object.spec.revisionHistoryLimit ??= 10;
      object.spec.updateStrategy ??= {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
      };
    },
    validate: requireOwnPods({ group: 'apps', kind: 'DaemonSet' }),
  },
});

const batch = { group: 'batch', categories: ['all'], namespaced: true } as const;

function jobStatus({ status }: Job): string {
  const holds = (type: string) =>
    status?.conditions?.some((one) => one.type === type && one.status === 'True') === true;
  if (holds('Complete')) return 'Complete';
  if (holds('Failed')) return 'Failed';
  return holds('Suspended') ? 'Suspended' : 'Running';
}

function jobDuration({ status }: Job): string {
  if (status?.startTime === undefined) return '';
  const end = status.completionTime === undefined ? Date.now() : Date.parse(status.completionTime);
  return humanDuration(end - Date.parse(status.startTime));
}

const job = builtin<Job>({
  ...batch,
  kind: 'Job',
  plural: 'jobs',
  subresources: { status: true },
  columns: [
    computedColumn<Job>('Status', jobStatus),
    computedColumn<Job>(
      'Completions',
      ({ spec, status }) => `${status?.succeeded ?? 0}/${spec.completions ?? 1}`,
    ),
    computedColumn<Job>('Duration', jobDuration),
    ageColumn,
    ...podColumns,
  ],
  admission: {
    mutate({ operation, object }) {
      if (operation !== 'CREATE') return;
      const { spec, metadata } = object;
      spec.completions ??= 1;
      spec.parallelism ??= 1;
      spec.backoffLimit ??= 6;
      const own = { 'batch.kubernetes.io/controller-uid': metadata.uid };
      spec.selector ??= { matchLabels: own };
      const { metadata: given } = spec.template;
      spec.template.metadata = { ...given, labels: { ...given?.labels, ...own } };
    },
  },
});

const cronJob = builtin<CronJob>({
  ...batch,
  kind: 'CronJob',
  plural: 'cronjobs',
  shortNames: ['cj'],
  subresources: { status: true },
  columns: [
    computedColumn<CronJob>('Schedule', ({ spec }) => spec.schedule),
    computedColumn<CronJob>('Timezone', ({ spec }) => spec.timeZone),
    computedColumn<CronJob>('Suspend', ({ spec }) => (spec.suspend === true ? 'True' : 'False')),
    computedColumn<CronJob>('Active', ({ status }) => status?.active?.length ?? 0),
    { name: 'Last Schedule', type: 'date', value: '.status.lastScheduleTime' },
    ageColumn,
  ],
});

/** Workloads made of containers. Nothing here runs containers: WorkloadController says so. */
export const workloadResources: readonly ResourceDefinition[] = [
  deployment,
  replicaSet,
  statefulSet,
  daemonSet,
  job,
  cronJob,
];
