import type { KubeObject, ResourceRef } from './KubeClient.ts';
import type {
  Namespace,
  Node,
  Pod,
  Service,
  ConfigMap,
  Secret,
  ServiceAccount,
  Event,
  ControllerRevision,
  CustomResourceDefinition,
  Lease,
  PodDisruptionBudget,
} from './kinds.ts';
import type { LimitRange, ResourceQuota } from './quotaKinds.ts';
import type { Endpoints, EndpointSlice, NetworkPolicy, PriorityClass } from './networkKinds.ts';
import type {
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  ReplicaSet,
  StatefulSet,
} from './workloadKinds.ts';
import type {
  CsiDriver,
  CsiStorageCapacity,
  PersistentVolumeClaim,
  PersistentVolume,
  StorageClass,
} from './storageKinds.ts';
import type { ClusterRole, RoleBinding, SubjectAccessReview } from './rbacKinds.ts';

export type * from './kinds.ts';
export type * from './placementKinds.ts';
export type * from './networkKinds.ts';
export type * from './quotaKinds.ts';
export type * from './workloadKinds.ts';
export type * from './storageKinds.ts';
export type * from './rbacKinds.ts';

export const namespaces = core<Namespace>('Namespace', 'namespaces', false);
export const nodes = core<Node>('Node', 'nodes', false);
export const pods = core<Pod>('Pod', 'pods', true);
export const services = core<Service>('Service', 'services', true);
export const endpoints = core<Endpoints>('Endpoints', 'endpoints', true);
export const endpointSlices = v1<EndpointSlice>(
  'discovery.k8s.io',
  'EndpointSlice',
  'endpointslices',
  true,
);
export const networkPolicies = v1<NetworkPolicy>(
  'networking.k8s.io',
  'NetworkPolicy',
  'networkpolicies',
  true,
);
export const configMaps = core<ConfigMap>('ConfigMap', 'configmaps', true);
export const secrets = core<Secret>('Secret', 'secrets', true);
export const serviceAccounts = core<ServiceAccount>('ServiceAccount', 'serviceaccounts', true);
export const persistentVolumeClaims = core<PersistentVolumeClaim>(
  'PersistentVolumeClaim',
  'persistentvolumeclaims',
  true,
);
export const persistentVolumes = core<PersistentVolume>(
  'PersistentVolume',
  'persistentvolumes',
  false,
);
export const events = core<Event>('Event', 'events', true);
export const resourceQuotas = core<ResourceQuota>('ResourceQuota', 'resourcequotas', true);
export const limitRanges = core<LimitRange>('LimitRange', 'limitranges', true);
export const leases = v1<Lease>('coordination.k8s.io', 'Lease', 'leases', true);
export const podDisruptionBudgets = v1<PodDisruptionBudget>(
  'policy',
  'PodDisruptionBudget',
  'poddisruptionbudgets',
  true,
);
export const customResourceDefinitions = v1<CustomResourceDefinition>(
  'apiextensions.k8s.io',
  'CustomResourceDefinition',
  'customresourcedefinitions',
  false,
);
export const storageClasses = v1<StorageClass>(
  'storage.k8s.io',
  'StorageClass',
  'storageclasses',
  false,
);
export const csiDrivers = v1<CsiDriver>('storage.k8s.io', 'CSIDriver', 'csidrivers', false);
export const csiStorageCapacities = v1<CsiStorageCapacity>(
  'storage.k8s.io',
  'CSIStorageCapacity',
  'csistoragecapacities',
  true,
);
const rbac = 'rbac.authorization.k8s.io';
export const clusterRoles = v1<ClusterRole>(rbac, 'ClusterRole', 'clusterroles', false);
export const roleBindings = v1<RoleBinding>(rbac, 'RoleBinding', 'rolebindings', true);
export const subjectAccessReviews = v1<SubjectAccessReview>(
  'authorization.k8s.io',
  'SubjectAccessReview',
  'subjectaccessreviews',
  false,
);
export const clusterRoleBindings = v1<RoleBinding>(
  rbac,
  'ClusterRoleBinding',
  'clusterrolebindings',
  false,
);
export const controllerRevisions = v1<ControllerRevision>(
  'apps',
  'ControllerRevision',
  'controllerrevisions',
  true,
);
export const deployments = v1<Deployment>('apps', 'Deployment', 'deployments', true);
export const replicaSets = v1<ReplicaSet>('apps', 'ReplicaSet', 'replicasets', true);
export const statefulSets = v1<StatefulSet>('apps', 'StatefulSet', 'statefulsets', true);
export const daemonSets = v1<DaemonSet>('apps', 'DaemonSet', 'daemonsets', true);
export const jobs = v1<Job>('batch', 'Job', 'jobs', true);
export const cronJobs = v1<CronJob>('batch', 'CronJob', 'cronjobs', true);
export const priorityClasses = v1<PriorityClass>(
  'scheduling.k8s.io',
  'PriorityClass',
  'priorityclasses',
  false,
);

function core<T extends KubeObject>(
  kind: string,
  plural: string,
  namespaced: boolean,
): ResourceRef<T> {
  return v1<T>('', kind, plural, namespaced);
}

function v1<T extends KubeObject>(
  group: string,
  kind: string,
  plural: string,
  namespaced: boolean,
): ResourceRef<T> {
  return { group, version: 'v1', kind, plural, namespaced };
}
