export interface Field {
  readonly name: string;
  /** `string`, `number`, `bool`, `bytes` (base64 in JSON), `raw`, `time`, or a message. */
  readonly type: string;
  readonly shape: 'one' | 'list' | 'map';
}

/** Fields by their number. */
export type Message = Readonly<Record<number, Field>>;

// Numbers and names are those of the generated.proto files in k8s.io/api and k8s.io/apimachinery
// (v1.33). A field that is not listed is left out, so that a kind is listed whole or not at all.
export const messages: Readonly<Record<string, Message>> = {
  Unknown: message(['typeMeta TypeMeta', 'raw raw']),
  TypeMeta: message(['apiVersion string', 'kind string']),
  Time: message(['seconds number', 'nanos number']),
  ObjectMeta: message([
    'name string',
    'generateName string',
    'namespace string',
    'selfLink string',
    'uid string',
    'resourceVersion string',
    'generation number',
    'creationTimestamp time',
    'deletionTimestamp time',
    'deletionGracePeriodSeconds number',
    'labels map string',
    'annotations map string',
    'ownerReferences list OwnerReference',
    'finalizers list string',
  ]),
  OwnerReference: {
    1: one('kind', 'string'),
    3: one('name', 'string'),
    4: one('uid', 'string'),
    5: one('apiVersion', 'string'),
    6: one('controller', 'bool'),
    7: one('blockOwnerDeletion', 'bool'),
  },
  DeleteOptions: {
    1: one('gracePeriodSeconds', 'number'),
    2: one('preconditions', 'Preconditions'),
    3: one('orphanDependents', 'bool'),
    4: one('propagationPolicy', 'string'),
    5: { name: 'dryRun', type: 'string', shape: 'list' },
  },
  Preconditions: message(['uid string', 'resourceVersion string']),
  Namespace: message(['metadata ObjectMeta', 'spec NamespaceSpec', 'status NamespaceStatus']),
  NamespaceSpec: message(['finalizers list string']),
  NamespaceStatus: message(['phase string']),
  ConfigMap: message([
    'metadata ObjectMeta',
    'data map string',
    'binaryData map bytes',
    'immutable bool',
  ]),
  Secret: message([
    'metadata ObjectMeta',
    'data map bytes',
    'type string',
    'stringData map string',
    'immutable bool',
  ]),
  ServiceAccount: message([
    'metadata ObjectMeta',
    'secrets list ObjectReference',
    'imagePullSecrets list LocalObjectReference',
    'automountServiceAccountToken bool',
  ]),
  ObjectReference: message([
    'kind string',
    'namespace string',
    'name string',
    'uid string',
    'apiVersion string',
    'resourceVersion string',
    'fieldPath string',
  ]),
  LocalObjectReference: message(['name string']),
  SelfSubjectAccessReview: message(['metadata ObjectMeta', 'spec SelfSubjectAccessReviewSpec']),
  SelfSubjectAccessReviewSpec: message([
    'resourceAttributes ResourceAttributes',
    'nonResourceAttributes NonResourceAttributes',
  ]),
  ResourceAttributes: message([
    'namespace string',
    'verb string',
    'group string',
    'version string',
    'resource string',
    'subresource string',
    'name string',
  ]),
  NonResourceAttributes: message(['path string', 'verb string']),
  SubjectAccessReview: message(['metadata ObjectMeta', 'spec SubjectAccessReviewSpec']),
  SubjectAccessReviewSpec: message([
    'resourceAttributes ResourceAttributes',
    'nonResourceAttributes NonResourceAttributes',
    'user string',
    'groups list string',
  ]),
  SelfSubjectRulesReview: message(['metadata ObjectMeta', 'spec SelfSubjectRulesReviewSpec']),
  SelfSubjectRulesReviewSpec: message(['namespace string']),
  SelfSubjectReview: message(['metadata ObjectMeta']),
  TokenRequest: message(['metadata ObjectMeta', 'spec TokenRequestSpec']),
  TokenRequestSpec: {
    1: { name: 'audiences', type: 'string', shape: 'list' },
    3: one('boundObjectRef', 'BoundObjectReference'),
    4: one('expirationSeconds', 'number'),
  },
  BoundObjectReference: message(['kind string', 'apiVersion string', 'name string', 'uid string']),
  TokenReview: message(['metadata ObjectMeta', 'spec TokenReviewSpec']),
  TokenReviewSpec: message(['token string', 'audiences list string']),
  Role: message(['metadata ObjectMeta', 'rules list PolicyRule']),
  ClusterRole: message([
    'metadata ObjectMeta',
    'rules list PolicyRule',
    'aggregationRule AggregationRule',
  ]),
  AggregationRule: message(['clusterRoleSelectors list LabelSelector']),
  LabelSelector: message([
    'matchLabels map string',
    'matchExpressions list LabelSelectorRequirement',
  ]),
  LabelSelectorRequirement: message(['key string', 'operator string', 'values list string']),
  PolicyRule: message([
    'verbs list string',
    'apiGroups list string',
    'resources list string',
    'resourceNames list string',
    'nonResourceURLs list string',
  ]),
  RoleBinding: message(['metadata ObjectMeta', 'subjects list Subject', 'roleRef RoleRef']),
  ClusterRoleBinding: message(['metadata ObjectMeta', 'subjects list Subject', 'roleRef RoleRef']),
  Subject: message(['kind string', 'apiGroup string', 'name string', 'namespace string']),
  RoleRef: message(['apiGroup string', 'kind string', 'name string']),
};

/** Numbers the fields from 1; each is `name type` or `name list|map type`. */
function message(fields: readonly string[]): Message {
  return Object.fromEntries(
    fields.map((text, index) => {
      const [name = '', ...rest] = text.split(' ');
      const type = rest.at(-1) ?? '';
      const shape = rest.length === 2 ? (rest[0] === 'map' ? 'map' : 'list') : 'one';
      return [index + 1, { name, type, shape } satisfies Field];
    }),
  );
}

function one(name: string, type: string): Field {
  return { name, type, shape: 'one' };
}
