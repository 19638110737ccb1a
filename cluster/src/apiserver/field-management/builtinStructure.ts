import type { JsonSchema } from '../ResourceDefinition.ts';

/**
 * How lists and objects of the built-in kinds are merged: what the `x-kubernetes-*` marks of
 * Kubernetes' OpenAPI say (the `listType`, `listMapKey`, `mapType`, `structType`, `patchMergeKey` and
 * `patchStrategy` tags of k8s.io/api at v1.33). Only what is marked stands here; unmarked lists are
 * replaced as a whole and unmarked objects are merged by field.
 */
export const atomic: JsonSchema = {
  type: 'object',
  'x-kubernetes-map-type': 'atomic',
};

function object(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'object', properties };
}

/** A list with keys. Strategic merge knows one key, `patchKey`; '' where it replaces the list. */
function keyed(
  keys: readonly string[],
  items: JsonSchema = { type: 'object' },
  patchKey = keys[0] ?? '',
  strategy = 'merge',
): JsonSchema {
  return {
    type: 'array',
    items,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': keys,
    ...(patchKey === ''
      ? {}
      : { 'x-kubernetes-patch-merge-key': patchKey, 'x-kubernetes-patch-strategy': strategy }),
  };
}

/** A list that apply takes as a whole and strategic merge merges by a key. */
function patchOnly(patchKey: string): JsonSchema {
  return {
    type: 'array',
    'x-kubernetes-list-type': 'atomic',
    'x-kubernetes-patch-merge-key': patchKey,
    'x-kubernetes-patch-strategy': 'merge',
  };
}

const mergedSet: JsonSchema = {
  type: 'array',
  'x-kubernetes-list-type': 'set',
  'x-kubernetes-patch-strategy': 'merge',
};

/** An object whose fields exclude each other: a patch of a new kind drops the old one. */
const retainKeys: JsonSchema = { type: 'object', 'x-kubernetes-patch-strategy': 'retainKeys' };

const tcp: JsonSchema = object({ protocol: { type: 'string', default: 'TCP' } });
const conditions = keyed(['type']);
const withConditions = object({ conditions });

export const objectMeta: JsonSchema = object({
  finalizers: mergedSet,
  ownerReferences: keyed(['uid'], atomic),
});

const envSource = object({
  configMapKeyRef: atomic,
  fieldRef: atomic,
  resourceFieldRef: atomic,
  secretKeyRef: atomic,
});

const container = object({
  env: keyed(['name'], object({ valueFrom: envSource })),
  ports: keyed(['containerPort', 'protocol'], tcp),
  volumeMounts: keyed(['mountPath']),
  volumeDevices: keyed(['devicePath']),
  resources: object({ claims: keyed(['name'], undefined, '') }),
});

const persistentVolumeClaimSpec = object({ dataSource: atomic, selector: atomic });

const affinity = object({
  nodeAffinity: object({ requiredDuringSchedulingIgnoredDuringExecution: atomic }),
});

const volume = object({
  csi: object({ nodePublishSecretRef: atomic }),
  ephemeral: object({ volumeClaimTemplate: object({ spec: persistentVolumeClaimSpec }) }),
});

const podSpec = object({
  affinity,
  containers: keyed(['name'], container),
  initContainers: keyed(['name'], container),
  ephemeralContainers: keyed(['name'], container),
  hostAliases: keyed(['ip']),
  imagePullSecrets: keyed(['name']),
  nodeSelector: atomic,
  resourceClaims: keyed(['name'], undefined, 'name', 'merge,retainKeys'),
  schedulingGates: keyed(['name']),
  topologySpreadConstraints: keyed(
    ['topologyKey', 'whenUnsatisfiable'],
    object({ labelSelector: atomic }),
  ),
  volumes: keyed(['name'], volume, 'name', 'merge,retainKeys'),
});

const podStatus = object({
  conditions,
  podIPs: keyed(['ip']),
  hostIPs: patchOnly('ip'),
  resourceClaimStatuses: keyed(['name'], undefined, 'name', 'merge,retainKeys'),
});

const podTemplate = object({ metadata: objectMeta, spec: podSpec });

const workload = object({
  spec: object({
    selector: atomic,
    template: podTemplate,
    strategy: retainKeys,
    volumeClaimTemplates: { type: 'array', 'x-kubernetes-list-type': 'atomic' },
  }),
  status: withConditions,
});

const jobSpec = object({ selector: atomic, template: podTemplate });

/** By kind. */
export const builtinStructure: Readonly<Record<string, JsonSchema>> = {
  Pod: object({ spec: podSpec, status: podStatus }),
  PodTemplate: object({ template: podTemplate }),
  ReplicationController: object({
    spec: object({ selector: atomic, template: podTemplate }),
    status: withConditions,
  }),
  Deployment: workload,
  ReplicaSet: workload,
  StatefulSet: workload,
  DaemonSet: workload,
  Job: object({ spec: jobSpec, status: object({ conditions: patchOnly('type') }) }),
  CronJob: object({ spec: object({ jobTemplate: object({ spec: jobSpec }) }) }),
  Service: object({
    spec: object({ ports: keyed(['port', 'protocol'], tcp), selector: atomic }),
    status: withConditions,
  }),
  ServiceAccount: object({
    secrets: keyed(['name'], atomic),
  }),
  Node: object({
    spec: object({ podCIDRs: mergedSet, configSource: atomic }),
    status: object({ addresses: keyed(['type']), conditions }),
  }),
  Namespace: object({ status: withConditions }),
  PersistentVolumeClaim: object({ spec: persistentVolumeClaimSpec, status: withConditions }),
  Event: object({ involvedObject: atomic, regarding: atomic, related: atomic }),
  ResourceQuota: object({ spec: object({ scopeSelector: atomic }) }),
  PersistentVolume: object({
    spec: object({
      nodeAffinity: object({ required: atomic }),
      csi: object({
        controllerPublishSecretRef: atomic,
        nodeStageSecretRef: atomic,
        nodePublishSecretRef: atomic,
        controllerExpandSecretRef: atomic,
        nodeExpandSecretRef: atomic,
      }),
    }),
  }),
  PodDisruptionBudget: object({
    spec: object({ selector: { ...atomic, 'x-kubernetes-patch-strategy': 'replace' } }),
    status: withConditions,
  }),
  NetworkPolicy: object({ spec: object({ podSelector: atomic }) }),
  Ingress: object({
    spec: object({
      defaultBackend: object({ resource: atomic, service: object({ port: atomic }) }),
    }),
  }),
  CSIDriver: object({
    spec: object({
      volumeLifecycleModes: { type: 'array', 'x-kubernetes-list-type': 'set' },
    }),
  }),
  CSIStorageCapacity: object({ nodeTopology: atomic }),
  IngressClass: object({ spec: object({ parameters: { type: 'object' } }) }),
  RoleBinding: object({ roleRef: atomic }),
  ClusterRoleBinding: object({ roleRef: atomic }),
  CSINode: object({ spec: object({ drivers: keyed(['name']) }) }),
  APIService: object({ status: withConditions }),
  CustomResourceDefinition: object({ status: withConditions }),
  HorizontalPodAutoscaler: object({ status: withConditions }),
};
