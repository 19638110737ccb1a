/**
 * What the declarations of the package cannot say of a field, and the server checks or merges by: enumerations,
 * limits, patterns, and how server-side apply takes lists and objects apart. By model and field.
 *
 * Kubernetes': the values that its validation takes (pkg/apis/*\/validation at v1.33). KubeVirt's and CDI's: the
 * comments `+kubebuilder:validation` and `+listType` of their types (kubevirt.io/api and
 * containerized-data-importer-api), from which their CustomResourceDefinitions are made.
 */
const oneOf = (...values) => ({ enum: values });
const keyed = (...keys) => ({
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': keys,
});
/** Rules in CEL (`+kubebuilder:validation:XValidation`). */
const rules = (...all) => ({
  'x-kubernetes-validations': all.map(([rule, message]) => ({ rule, message })),
});
const set = { 'x-kubernetes-list-type': 'set' };
const atomic = { 'x-kubernetes-map-type': 'atomic' };

const accessMode = oneOf('ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod');
const preemptionPolicy = oneOf('Never', 'PreemptLowerPriority');
const protocol = oneOf('SCTP', 'TCP', 'UDP');
const pullPolicy = oneOf('Always', 'IfNotPresent', 'Never');
const volumeMode = oneOf('Block', 'Filesystem');

export const fieldMarks = {
  'io.k8s.api.apps.v1.DaemonSetUpdateStrategy': { type: oneOf('OnDelete', 'RollingUpdate') },
  'io.k8s.api.apps.v1.DeploymentStrategy': { type: oneOf('Recreate', 'RollingUpdate') },
  'io.k8s.api.apps.v1.StatefulSetSpec': { podManagementPolicy: oneOf('OrderedReady', 'Parallel') },
  'io.k8s.api.apps.v1.StatefulSetUpdateStrategy': { type: oneOf('OnDelete', 'RollingUpdate') },
  'io.k8s.api.batch.v1.CronJobSpec': { concurrencyPolicy: oneOf('Allow', 'Forbid', 'Replace') },
  'io.k8s.api.batch.v1.JobSpec': { completionMode: oneOf('Indexed', 'NonIndexed') },
  'io.k8s.api.core.v1.Container': {
    imagePullPolicy: pullPolicy,
    terminationMessagePolicy: oneOf('FallbackToLogsOnError', 'File'),
  },
  'io.k8s.api.core.v1.ContainerPort': { protocol },
  'io.k8s.api.core.v1.PersistentVolumeClaimSpec': {
    accessModes: { items: accessMode },
    volumeMode,
  },
  'io.k8s.api.core.v1.PersistentVolumeSpec': {
    accessModes: { items: accessMode },
    persistentVolumeReclaimPolicy: oneOf('Delete', 'Recycle', 'Retain'),
    volumeMode,
  },
  'io.k8s.api.core.v1.PodSpec': {
    dnsPolicy: oneOf('ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'),
    preemptionPolicy,
    restartPolicy: oneOf('Always', 'Never', 'OnFailure'),
  },
  'io.k8s.api.core.v1.ServicePort': { protocol },
  'io.k8s.api.core.v1.ServiceSpec': {
    externalTrafficPolicy: oneOf('Cluster', 'Local'),
    internalTrafficPolicy: oneOf('Cluster', 'Local'),
    ipFamilyPolicy: oneOf('PreferDualStack', 'RequireDualStack', 'SingleStack'),
    sessionAffinity: oneOf('ClientIP', 'None'),
    type: oneOf('ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'),
  },
  'io.k8s.api.core.v1.Taint': { effect: oneOf('NoExecute', 'NoSchedule', 'PreferNoSchedule') },
  'io.k8s.api.core.v1.Toleration': {
    effect: oneOf('NoExecute', 'NoSchedule', 'PreferNoSchedule'),
    operator: oneOf('Equal', 'Exists'),
  },
  'io.k8s.api.core.v1.TopologySpreadConstraint': {
    whenUnsatisfiable: oneOf('DoNotSchedule', 'ScheduleAnyway'),
  },
  'io.k8s.api.discovery.v1.EndpointSlice': { addressType: oneOf('FQDN', 'IPv4', 'IPv6') },
  'io.k8s.api.networking.v1.HTTPIngressPath': {
    pathType: oneOf('Exact', 'ImplementationSpecific', 'Prefix'),
  },
  'io.k8s.api.networking.v1.NetworkPolicyPort': { protocol },
  'io.k8s.api.networking.v1.NetworkPolicySpec': {
    policyTypes: { items: oneOf('Egress', 'Ingress') },
  },
  'io.k8s.api.policy.v1.PodDisruptionBudgetSpec': {
    unhealthyPodEvictionPolicy: oneOf('AlwaysAllow', 'IfHealthyBudget'),
  },
  'io.k8s.api.scheduling.v1.PriorityClass': { preemptionPolicy },
  'io.k8s.api.storage.v1.CSIDriverSpec': {
    fsGroupPolicy: oneOf('File', 'None', 'ReadWriteOnceWithFSType'),
    volumeLifecycleModes: { items: oneOf('Ephemeral', 'Persistent') },
  },
  'io.k8s.api.storage.v1.StorageClass': {
    reclaimPolicy: oneOf('Delete', 'Recycle', 'Retain'),
    volumeBindingMode: oneOf('Immediate', 'WaitForFirstConsumer'),
  },
  'io.kubevirt.cdi.v1beta1.CDISpec': {
    cloneStrategyOverride: oneOf('copy', 'snapshot', 'csi-clone'),
    imagePullPolicy: oneOf('Always', 'IfNotPresent', 'Never'),
    uninstallStrategy: oneOf('RemoveWorkloads', 'BlockUninstallIfWorkloadsExist'),
  },
  'io.kubevirt.cdi.v1beta1.CustomizeComponentsPatch': {
    resourceName: { minLength: 1 },
    resourceType: { minLength: 1 },
  },
  'io.kubevirt.cdi.v1beta1.DataVolumeSpec': { contentType: oneOf('kubevirt', 'archive') },
  'io.kubevirt.cdi.v1beta1.FilesystemOverhead': { global: { pattern: '^(0(?:\\.\\d{1,3})?|1)$' } },
  'io.kubevirt.v1.ContainerDiskInfo': {
    checksum: { format: 'int64', minimum: 0, maximum: 4294967295 },
  },
  'io.kubevirt.v1.ContainerPathVolumeSource': {
    path: {
      maxLength: 4096,
      ...rules(
        ["self.startsWith('/')", "path must be absolute (start with '/')"],
        ["!self.contains('..')", "path must not contain '..'"],
      ),
    },
    readOnly: rules(['self == true', 'readOnly must be true, write access is not supported']),
  },
  'io.kubevirt.v1.CustomizeComponentsPatch': {
    resourceName: { minLength: 1 },
    resourceType: { minLength: 1 },
  },
  'io.kubevirt.v1.DeveloperConfiguration': { memoryOvercommit: { minimum: 10 } },
  'io.kubevirt.v1.Devices': { disks: { maxItems: 256 }, interfaces: { maxItems: 256 } },
  'io.kubevirt.v1.DomainSpec': { rebootPolicy: oneOf('Reboot', 'Terminate') },
  'io.kubevirt.v1.HypervisorConfiguration': { name: oneOf('kvm', 'hyperv-direct') },
  'io.kubevirt.v1.InitrdInfo': { checksum: { format: 'int64', minimum: 0, maximum: 4294967295 } },
  'io.kubevirt.v1.InstancetypeConfiguration': {
    referencePolicy: oneOf('reference', 'expand', 'expandAll'),
  },
  'io.kubevirt.v1.KernelInfo': { checksum: { format: 'int64', minimum: 0, maximum: 4294967295 } },
  'io.kubevirt.v1.KubeVirtConfiguration': {
    hypervisors: { maxItems: 1 },
    roleAggregationStrategy: oneOf('AggregateToDefault', 'Manual'),
    supportContainerResources: keyed('type'),
    vmRolloutStrategy: oneOf('Stage', 'LiveUpdate'),
  },
  'io.kubevirt.v1.MigrationConfiguration': { maxDowntimeMs: { minimum: 1, maximum: 2000000 } },
  'io.kubevirt.v1.PersistentVolumeClaimInfo': {
    filesystemOverhead: { pattern: '^(0(?:\\.\\d{1,3})?|1)$' },
  },
  'io.kubevirt.v1.QemuGuestAgentSSHPublicKeyAccessCredentialPropagation': { users: set },
  'io.kubevirt.v1.ReservedOverhead': { memLock: oneOf('NotRequired', 'Required') },
  'io.kubevirt.v1.TLSConfiguration': {
    ciphers: set,
    minTLSVersion: oneOf('VersionTLS10', 'VersionTLS11', 'VersionTLS12', 'VersionTLS13'),
  },
  'io.kubevirt.v1.VirtualMachineInstanceSpec': {
    accessCredentials: { maxItems: 256 },
    networks: { maxItems: 256 },
    resourceClaims: keyed('name'),
    topologySpreadConstraints: keyed('topologyKey', 'whenUnsatisfiable'),
    utilityVolumes: { ...keyed('name'), maxItems: 256 },
    volumes: { maxItems: 256 },
  },
  'io.kubevirt.v1.VirtualMachineInstanceStatus': {
    VSOCKCID: { format: 'int64', minimum: 0, maximum: 4294967295 },
  },
  'io.kubevirt.v1alpha1.MigrationPolicySpec': { maxDowntimeMs: { minimum: 1, maximum: 2000000 } },
  'io.kubevirt.v1alpha1.VirtualMachineBackupSpec': { mode: oneOf('Push', 'Pull') },
  'io.kubevirt.v1alpha1.VirtualMachineBackupStatus': { conditions: keyed('type') },
  'io.kubevirt.v1alpha1.VirtualMachinePoolSpec': { replicas: { minimum: 0 } },
  'io.kubevirt.v1beta1.MemoryInstancetype': { overcommitPercent: { maximum: 100, minimum: 0 } },
  'io.kubevirt.v1beta1.SnapshotVolumesLists': { excludedVolumes: set, includedVolumes: set },
  'io.kubevirt.v1beta1.VirtualMachineCloneSpec': {
    volumeNamePolicy: oneOf('RandomizeNames', 'PrefixTargetName'),
  },
  'io.kubevirt.v1beta1.VirtualMachineExportBackup': { endpoints: keyed('endpoint') },
  'io.kubevirt.v1beta1.VirtualMachineExportLink': {
    backups: keyed('name'),
    manifests: keyed('type'),
    volumes: keyed('name'),
  },
  'io.kubevirt.v1beta1.VirtualMachineExportVolume': { formats: keyed('format') },
  'io.kubevirt.v1beta1.VirtualMachinePoolAutohealingStrategy': {
    startUpFailureThreshold: { minimum: 1 },
  },
  'io.kubevirt.v1beta1.VirtualMachinePoolOpportunisticScaleInStrategy': {
    statePreservation: oneOf('Disabled', 'Offline', 'Online'),
  },
  'io.kubevirt.v1beta1.VirtualMachinePoolProactiveScaleInStrategy': {
    statePreservation: oneOf('Disabled', 'Offline', 'Online'),
  },
  'io.kubevirt.v1beta1.VirtualMachinePoolSelectionPolicy': {
    sortPolicy: oneOf('AscendingOrder', 'DescendingOrder', 'Newest', 'Oldest', 'Random'),
  },
  'io.kubevirt.v1beta1.VirtualMachinePoolSpec': { replicas: { minimum: 0 } },
  'io.kubevirt.v1beta1.VirtualMachineRestoreSpec': {
    targetReadinessPolicy: oneOf(
      'StopTarget',
      'WaitGracePeriod',
      'FailImmediate',
      'WaitEventually',
    ),
  },
  'io.kubevirt.v1beta1.VirtualMachineRestoreStatus': { deletedDataVolumes: set },
  'io.kubevirt.v1beta1.VirtualMachineSnapshotStatus': { indications: set },
};

/** Objects that server-side apply takes as a whole (`+structType=atomic` of k8s.io/api). */
export const modelMarks = Object.fromEntries(
  [
    'io.k8s.api.core.v1.ConfigMapKeySelector',
    'io.k8s.api.core.v1.LocalObjectReference',
    'io.k8s.api.core.v1.NodeSelector',
    'io.k8s.api.core.v1.NodeSelectorTerm',
    'io.k8s.api.core.v1.ObjectFieldSelector',
    'io.k8s.api.core.v1.ObjectReference',
    'io.k8s.api.core.v1.ResourceFieldSelector',
    'io.k8s.api.core.v1.ScopeSelector',
    'io.k8s.api.core.v1.SecretKeySelector',
    'io.k8s.api.core.v1.SecretReference',
    'io.k8s.api.core.v1.TopologySelectorTerm',
    'io.k8s.api.core.v1.TypedLocalObjectReference',
    'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector',
  ].map((model) => [model, atomic]),
);
