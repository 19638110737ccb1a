/**
 * Fields of Kubernetes' built-in kinds on the wire, made by scripts/protobufMessages.mjs from k8s.io/api
 * v0.33: `number name type`, with [] for a list, {} for a map by strings, ... for a message whose fields
 * lie inline in JSON, ? for what JSON leaves out when it is zero.
 */
export const groupMessages = `
apps.ControllerRevision: 1 metadata meta.ObjectMeta, 2 data json, 3 revision number
apps.DaemonSet: 1 metadata meta.ObjectMeta, 2 spec apps.DaemonSetSpec, 3 status apps.DaemonSetStatus
apps.DaemonSetCondition: 1 type string, 2 status string, 3 lastTransitionTime time, 4 reason string, 5 message string
apps.DaemonSetSpec: 1 selector meta.LabelSelector, 2 template core.PodTemplateSpec, 3 updateStrategy apps.DaemonSetUpdateStrategy, 4 minReadySeconds number?, 6 revisionHistoryLimit number
apps.DaemonSetStatus: 1 currentNumberScheduled number, 2 numberMisscheduled number, 3 desiredNumberScheduled number, 4 numberReady number, 5 observedGeneration number?, 6 updatedNumberScheduled number?, 7 numberAvailable number?, 8 numberUnavailable number?, 9 collisionCount number, 10 conditions []apps.DaemonSetCondition
apps.DaemonSetUpdateStrategy: 1 type string, 2 rollingUpdate apps.RollingUpdateDaemonSet
apps.Deployment: 1 metadata meta.ObjectMeta, 2 spec apps.DeploymentSpec, 3 status apps.DeploymentStatus
apps.DeploymentCondition: 1 type string, 2 status string, 6 lastUpdateTime time, 7 lastTransitionTime time, 4 reason string, 5 message string
apps.DeploymentSpec: 1 replicas number, 2 selector meta.LabelSelector, 3 template core.PodTemplateSpec, 4 strategy apps.DeploymentStrategy, 5 minReadySeconds number?, 6 revisionHistoryLimit number, 7 paused bool?, 9 progressDeadlineSeconds number
apps.DeploymentStatus: 1 observedGeneration number?, 2 replicas number?, 3 updatedReplicas number?, 7 readyReplicas number?, 4 availableReplicas number?, 5 unavailableReplicas number?, 9 terminatingReplicas number, 6 conditions []apps.DeploymentCondition, 8 collisionCount number
apps.DeploymentStrategy: 1 type string, 2 rollingUpdate apps.RollingUpdateDeployment
apps.ReplicaSet: 1 metadata meta.ObjectMeta, 2 spec apps.ReplicaSetSpec, 3 status apps.ReplicaSetStatus
apps.ReplicaSetCondition: 1 type string, 2 status string, 3 lastTransitionTime time, 4 reason string, 5 message string
apps.ReplicaSetSpec: 1 replicas number, 4 minReadySeconds number?, 2 selector meta.LabelSelector, 3 template core.PodTemplateSpec
apps.ReplicaSetStatus: 1 replicas number, 2 fullyLabeledReplicas number?, 4 readyReplicas number?, 5 availableReplicas number?, 7 terminatingReplicas number, 3 observedGeneration number?, 6 conditions []apps.ReplicaSetCondition
apps.RollingUpdateDaemonSet: 1 maxUnavailable intOrString, 2 maxSurge intOrString
apps.RollingUpdateDeployment: 1 maxUnavailable intOrString, 2 maxSurge intOrString
apps.RollingUpdateStatefulSetStrategy: 1 partition number, 2 maxUnavailable intOrString
apps.StatefulSet: 1 metadata meta.ObjectMeta, 2 spec apps.StatefulSetSpec, 3 status apps.StatefulSetStatus
apps.StatefulSetCondition: 1 type string, 2 status string, 3 lastTransitionTime time, 4 reason string, 5 message string
apps.StatefulSetOrdinals: 1 start number
apps.StatefulSetPersistentVolumeClaimRetentionPolicy: 1 whenDeleted string, 2 whenScaled string
apps.StatefulSetSpec: 1 replicas number, 2 selector meta.LabelSelector, 3 template core.PodTemplateSpec, 4 volumeClaimTemplates []core.PersistentVolumeClaim, 5 serviceName string, 6 podManagementPolicy string, 7 updateStrategy apps.StatefulSetUpdateStrategy, 8 revisionHistoryLimit number, 9 minReadySeconds number?, 10 persistentVolumeClaimRetentionPolicy apps.StatefulSetPersistentVolumeClaimRetentionPolicy, 11 ordinals apps.StatefulSetOrdinals
apps.StatefulSetStatus: 1 observedGeneration number?, 2 replicas number, 3 readyReplicas number?, 4 currentReplicas number?, 5 updatedReplicas number?, 6 currentRevision string, 7 updateRevision string, 9 collisionCount number, 10 conditions []apps.StatefulSetCondition, 11 availableReplicas number
apps.StatefulSetUpdateStrategy: 1 type string, 2 rollingUpdate apps.RollingUpdateStatefulSetStrategy
authentication.BoundObjectReference: 1 kind string, 2 apiVersion string, 3 name string, 4 uid string
authentication.SelfSubjectReview: 1 metadata meta.ObjectMeta, 2 status authentication.SelfSubjectReviewStatus
authentication.SelfSubjectReviewStatus: 1 userInfo authentication.UserInfo
authentication.TokenRequest: 1 metadata meta.ObjectMeta, 2 spec authentication.TokenRequestSpec, 3 status authentication.TokenRequestStatus
authentication.TokenRequestSpec: 1 audiences []string, 4 expirationSeconds number, 3 boundObjectRef authentication.BoundObjectReference
authentication.TokenRequestStatus: 1 token string, 2 expirationTimestamp time
authentication.TokenReview: 1 metadata meta.ObjectMeta, 2 spec authentication.TokenReviewSpec, 3 status authentication.TokenReviewStatus
authentication.TokenReviewSpec: 1 token string, 2 audiences []string
authentication.TokenReviewStatus: 1 authenticated bool?, 2 user authentication.UserInfo, 4 audiences []string, 3 error string
authentication.UserInfo: 1 username string, 2 uid string, 3 groups []string, 4 extra {}strings
authorization.FieldSelectorAttributes: 1 rawSelector string, 2 requirements []meta.FieldSelectorRequirement
authorization.LabelSelectorAttributes: 1 rawSelector string, 2 requirements []meta.LabelSelectorRequirement
authorization.LocalSubjectAccessReview: 1 metadata meta.ObjectMeta, 2 spec authorization.SubjectAccessReviewSpec, 3 status authorization.SubjectAccessReviewStatus
authorization.NonResourceAttributes: 1 path string, 2 verb string
authorization.NonResourceRule: 1 verbs []string, 2 nonResourceURLs []string
authorization.ResourceAttributes: 1 namespace string, 2 verb string, 3 group string, 4 version string, 5 resource string, 6 subresource string, 7 name string, 8 fieldSelector authorization.FieldSelectorAttributes, 9 labelSelector authorization.LabelSelectorAttributes
authorization.ResourceRule: 1 verbs []string, 2 apiGroups []string, 3 resources []string, 4 resourceNames []string
authorization.SelfSubjectAccessReview: 1 metadata meta.ObjectMeta, 2 spec authorization.SelfSubjectAccessReviewSpec, 3 status authorization.SubjectAccessReviewStatus
authorization.SelfSubjectAccessReviewSpec: 1 resourceAttributes authorization.ResourceAttributes, 2 nonResourceAttributes authorization.NonResourceAttributes
authorization.SelfSubjectRulesReview: 1 metadata meta.ObjectMeta, 2 spec authorization.SelfSubjectRulesReviewSpec, 3 status authorization.SubjectRulesReviewStatus
authorization.SelfSubjectRulesReviewSpec: 1 namespace string
authorization.SubjectAccessReview: 1 metadata meta.ObjectMeta, 2 spec authorization.SubjectAccessReviewSpec, 3 status authorization.SubjectAccessReviewStatus
authorization.SubjectAccessReviewSpec: 1 resourceAttributes authorization.ResourceAttributes, 2 nonResourceAttributes authorization.NonResourceAttributes, 3 user string, 4 groups []string, 5 extra {}strings, 6 uid string
authorization.SubjectAccessReviewStatus: 1 allowed bool, 4 denied bool?, 2 reason string, 3 evaluationError string
authorization.SubjectRulesReviewStatus: 1 resourceRules []authorization.ResourceRule, 2 nonResourceRules []authorization.NonResourceRule, 3 incomplete bool, 4 evaluationError string
autoscaling.Scale: 1 metadata meta.ObjectMeta, 2 spec autoscaling.ScaleSpec, 3 status autoscaling.ScaleStatus
autoscaling.ScaleSpec: 1 replicas number?
autoscaling.ScaleStatus: 1 replicas number, 2 selector string
batch.CronJob: 1 metadata meta.ObjectMeta, 2 spec batch.CronJobSpec, 3 status batch.CronJobStatus
batch.CronJobSpec: 1 schedule string, 8 timeZone string, 2 startingDeadlineSeconds number, 3 concurrencyPolicy string, 4 suspend bool, 5 jobTemplate batch.JobTemplateSpec, 6 successfulJobsHistoryLimit number, 7 failedJobsHistoryLimit number
batch.CronJobStatus: 1 active []core.ObjectReference, 4 lastScheduleTime time, 5 lastSuccessfulTime time
batch.Job: 1 metadata meta.ObjectMeta, 2 spec batch.JobSpec, 3 status batch.JobStatus
batch.JobCondition: 1 type string, 2 status string, 3 lastProbeTime time, 4 lastTransitionTime time, 5 reason string, 6 message string
batch.JobSpec: 1 parallelism number, 2 completions number, 3 activeDeadlineSeconds number, 11 podFailurePolicy batch.PodFailurePolicy, 16 successPolicy batch.SuccessPolicy, 7 backoffLimit number, 12 backoffLimitPerIndex number, 13 maxFailedIndexes number, 4 selector meta.LabelSelector, 5 manualSelector bool, 6 template core.PodTemplateSpec, 8 ttlSecondsAfterFinished number, 9 completionMode string, 10 suspend bool, 14 podReplacementPolicy string, 15 managedBy string
batch.JobStatus: 1 conditions []batch.JobCondition, 2 startTime time, 3 completionTime time, 4 active number?, 5 succeeded number?, 6 failed number?, 11 terminating number, 7 completedIndexes string, 10 failedIndexes string, 8 uncountedTerminatedPods batch.UncountedTerminatedPods, 9 ready number
batch.JobTemplateSpec: 1 metadata meta.ObjectMeta, 2 spec batch.JobSpec
batch.PodFailurePolicy: 1 rules []batch.PodFailurePolicyRule
batch.PodFailurePolicyOnExitCodesRequirement: 1 containerName string, 2 operator string, 3 values []number
batch.PodFailurePolicyOnPodConditionsPattern: 1 type string, 2 status string
batch.PodFailurePolicyRule: 1 action string, 2 onExitCodes batch.PodFailurePolicyOnExitCodesRequirement, 3 onPodConditions []batch.PodFailurePolicyOnPodConditionsPattern
batch.SuccessPolicy: 1 rules []batch.SuccessPolicyRule
batch.SuccessPolicyRule: 1 succeededIndexes string, 2 succeededCount number
batch.UncountedTerminatedPods: 1 succeeded []string, 2 failed []string
coordination.Lease: 1 metadata meta.ObjectMeta, 2 spec coordination.LeaseSpec
coordination.LeaseSpec: 1 holderIdentity string, 2 leaseDurationSeconds number, 3 acquireTime time, 4 renewTime time, 5 leaseTransitions number, 6 strategy string, 7 preferredHolder string
discovery.Endpoint: 1 addresses []string, 2 conditions discovery.EndpointConditions, 3 hostname string, 4 targetRef core.ObjectReference, 5 deprecatedTopology {}string, 6 nodeName string, 7 zone string, 8 hints discovery.EndpointHints
discovery.EndpointConditions: 1 ready bool, 2 serving bool, 3 terminating bool
discovery.EndpointHints: 1 forZones []discovery.ForZone, 2 forNodes []discovery.ForNode
discovery.EndpointPort: 1 name string, 2 protocol string, 3 port number, 4 appProtocol string
discovery.EndpointSlice: 1 metadata meta.ObjectMeta, 4 addressType string, 2 endpoints []discovery.Endpoint, 3 ports []discovery.EndpointPort
discovery.ForNode: 1 name string
discovery.ForZone: 1 name string
events.Event: 1 metadata meta.ObjectMeta, 2 eventTime time, 3 series events.EventSeries, 4 reportingController string, 5 reportingInstance string, 6 action string, 7 reason string, 8 regarding core.ObjectReference, 9 related core.ObjectReference, 10 note string, 11 type string, 12 deprecatedSource core.EventSource, 13 deprecatedFirstTimestamp time, 14 deprecatedLastTimestamp time, 15 deprecatedCount number?
events.EventSeries: 1 count number, 2 lastObservedTime time
meta.Condition: 1 type string, 2 status string, 3 observedGeneration number?, 4 lastTransitionTime time, 5 reason string, 6 message string
meta.DeleteOptions: 1 gracePeriodSeconds number, 2 preconditions meta.Preconditions, 3 orphanDependents bool, 4 propagationPolicy string, 5 dryRun []string, 6 ignoreStoreReadErrorWithClusterBreakingPotential bool
meta.FieldSelectorRequirement: 1 key string, 2 operator string, 3 values []string
meta.LabelSelector: 1 matchLabels {}string, 2 matchExpressions []meta.LabelSelectorRequirement
meta.LabelSelectorRequirement: 1 key string, 2 operator string, 3 values []string
meta.ManagedFieldsEntry: 1 manager string, 2 operation string, 3 apiVersion string, 4 time time, 6 fieldsType string, 7 fieldsV1 json, 8 subresource string
meta.ObjectMeta: 1 name string, 2 generateName string, 3 namespace string, 4 selfLink string, 5 uid string, 6 resourceVersion string, 7 generation number?, 8 creationTimestamp time, 9 deletionTimestamp time, 10 deletionGracePeriodSeconds number, 11 labels {}string, 12 annotations {}string, 13 ownerReferences []meta.OwnerReference, 14 finalizers []string, 17 managedFields []meta.ManagedFieldsEntry
meta.OwnerReference: 5 apiVersion string, 1 kind string, 3 name string, 4 uid string, 6 controller bool, 7 blockOwnerDeletion bool
meta.Preconditions: 1 uid string, 2 resourceVersion string
networking.HTTPIngressPath: 1 path string, 3 pathType string, 2 backend networking.IngressBackend
networking.HTTPIngressRuleValue: 1 paths []networking.HTTPIngressPath
networking.IPBlock: 1 cidr string, 2 except []string
networking.Ingress: 1 metadata meta.ObjectMeta, 2 spec networking.IngressSpec, 3 status networking.IngressStatus
networking.IngressBackend: 4 service networking.IngressServiceBackend, 3 resource core.TypedLocalObjectReference
networking.IngressClass: 1 metadata meta.ObjectMeta, 2 spec networking.IngressClassSpec
networking.IngressClassParametersReference: 1 apiGroup string, 2 kind string, 3 name string, 4 scope string, 5 namespace string
networking.IngressClassSpec: 1 controller string, 2 parameters networking.IngressClassParametersReference
networking.IngressLoadBalancerIngress: 1 ip string, 2 hostname string, 4 ports []networking.IngressPortStatus
networking.IngressLoadBalancerStatus: 1 ingress []networking.IngressLoadBalancerIngress
networking.IngressPortStatus: 1 port number, 2 protocol string, 3 error string
networking.IngressRule: 1 host string, 2 ...networking.IngressRuleValue
networking.IngressRuleValue: 1 http networking.HTTPIngressRuleValue
networking.IngressServiceBackend: 1 name string, 2 port networking.ServiceBackendPort
networking.IngressSpec: 4 ingressClassName string, 1 defaultBackend networking.IngressBackend, 2 tls []networking.IngressTLS, 3 rules []networking.IngressRule
networking.IngressStatus: 1 loadBalancer networking.IngressLoadBalancerStatus
networking.IngressTLS: 1 hosts []string, 2 secretName string
networking.NetworkPolicy: 1 metadata meta.ObjectMeta, 2 spec networking.NetworkPolicySpec
networking.NetworkPolicyEgressRule: 1 ports []networking.NetworkPolicyPort, 2 to []networking.NetworkPolicyPeer
networking.NetworkPolicyIngressRule: 1 ports []networking.NetworkPolicyPort, 2 from []networking.NetworkPolicyPeer
networking.NetworkPolicyPeer: 1 podSelector meta.LabelSelector, 2 namespaceSelector meta.LabelSelector, 3 ipBlock networking.IPBlock
networking.NetworkPolicyPort: 1 protocol string, 2 port intOrString, 3 endPort number
networking.NetworkPolicySpec: 1 podSelector meta.LabelSelector, 2 ingress []networking.NetworkPolicyIngressRule, 3 egress []networking.NetworkPolicyEgressRule, 4 policyTypes []string
networking.ServiceBackendPort: 1 name string, 2 number number?
policy.Eviction: 1 metadata meta.ObjectMeta, 2 deleteOptions meta.DeleteOptions
policy.PodDisruptionBudget: 1 metadata meta.ObjectMeta, 2 spec policy.PodDisruptionBudgetSpec, 3 status policy.PodDisruptionBudgetStatus
policy.PodDisruptionBudgetSpec: 1 minAvailable intOrString, 2 selector meta.LabelSelector, 3 maxUnavailable intOrString, 4 unhealthyPodEvictionPolicy string
policy.PodDisruptionBudgetStatus: 1 observedGeneration number?, 2 disruptedPods {}time, 3 disruptionsAllowed number, 4 currentHealthy number, 5 desiredHealthy number, 6 expectedPods number, 7 conditions []meta.Condition
rbac.AggregationRule: 1 clusterRoleSelectors []meta.LabelSelector
rbac.ClusterRole: 1 metadata meta.ObjectMeta, 2 rules []rbac.PolicyRule, 3 aggregationRule rbac.AggregationRule
rbac.ClusterRoleBinding: 1 metadata meta.ObjectMeta, 2 subjects []rbac.Subject, 3 roleRef rbac.RoleRef
rbac.PolicyRule: 1 verbs []string, 2 apiGroups []string, 3 resources []string, 4 resourceNames []string, 5 nonResourceURLs []string
rbac.Role: 1 metadata meta.ObjectMeta, 2 rules []rbac.PolicyRule
rbac.RoleBinding: 1 metadata meta.ObjectMeta, 2 subjects []rbac.Subject, 3 roleRef rbac.RoleRef
rbac.RoleRef: 1 apiGroup string, 2 kind string, 3 name string
rbac.Subject: 1 kind string, 2 apiGroup string, 3 name string, 4 namespace string
scheduling.PriorityClass: 1 metadata meta.ObjectMeta, 2 value number, 3 globalDefault bool?, 4 description string, 5 preemptionPolicy string
storage.CSIDriver: 1 metadata meta.ObjectMeta, 2 spec storage.CSIDriverSpec
storage.CSIDriverSpec: 1 attachRequired bool, 2 podInfoOnMount bool, 3 volumeLifecycleModes []string, 4 storageCapacity bool, 5 fsGroupPolicy string, 6 tokenRequests []storage.TokenRequest, 7 requiresRepublish bool, 8 seLinuxMount bool, 9 nodeAllocatableUpdatePeriodSeconds number
storage.CSIStorageCapacity: 1 metadata meta.ObjectMeta, 2 nodeTopology meta.LabelSelector, 3 storageClassName string, 4 capacity quantity, 5 maximumVolumeSize quantity
storage.StorageClass: 1 metadata meta.ObjectMeta, 2 provisioner string, 3 parameters {}string, 4 reclaimPolicy string, 5 mountOptions []string, 6 allowVolumeExpansion bool, 7 volumeBindingMode string, 8 allowedTopologies []core.TopologySelectorTerm
storage.TokenRequest: 1 audience string, 2 expirationSeconds number
storage.VolumeAttachment: 1 metadata meta.ObjectMeta, 2 spec storage.VolumeAttachmentSpec, 3 status storage.VolumeAttachmentStatus
storage.VolumeAttachmentSource: 1 persistentVolumeName string, 2 inlineVolumeSpec core.PersistentVolumeSpec
storage.VolumeAttachmentSpec: 1 attacher string, 2 source storage.VolumeAttachmentSource, 3 nodeName string
storage.VolumeAttachmentStatus: 1 attached bool, 2 attachmentMetadata {}string, 3 attachError storage.VolumeError, 4 detachError storage.VolumeError
storage.VolumeError: 1 time time, 2 message string, 3 errorCode number
`;
