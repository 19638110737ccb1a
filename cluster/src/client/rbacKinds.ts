import type { KubeObject } from './KubeClient.ts';
import type { LabelSelector } from './labelSelector.ts';

export interface PolicyRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

export interface Role extends KubeObject {
  rules?: PolicyRule[] | null;
}

export interface ClusterRole extends Role {
  aggregationRule?: { clusterRoleSelectors?: LabelSelector[] };
}

export interface RoleSubject {
  kind: 'User' | 'Group' | 'ServiceAccount';
  apiGroup?: string;
  name: string;
  namespace?: string;
}

export interface RoleBinding extends KubeObject {
  subjects?: RoleSubject[] | null;
  roleRef: { apiGroup: string; kind: 'Role' | 'ClusterRole'; name: string };
}

/** A question whether somebody may do something; answered at once and kept nowhere. */
export interface SubjectAccessReview extends KubeObject {
  spec: {
    user: string;
    groups: string[];
    resourceAttributes: {
      verb: string;
      group?: string;
      resource: string;
      subresource?: string;
      namespace: string;
      name?: string;
    };
  };
  status?: { allowed: boolean; reason?: string };
}
