import { isRecord } from '~/k8s/isRecord';
import type { KubernetesObject } from '~/k8s/KubernetesObject';

/** What is looked at of a NetworkAttachmentDefinition. */
export interface NetworkRow {
  name: string;
  /** OVN-Kubernetes has made it for a UserDefinedNetwork, or a ClusterUserDefinedNetwork, of its name. */
  isUserDefined: boolean;
  /** It takes the place of the pod network in its project, and is no network beside it. */
  isPrimary: boolean;
}

/**
 * Of those that OVN-Kubernetes makes (ovn-kubernetes go-controller/pkg/clustermanager/userdefinednetwork/template,
 * LabelUserDefinedNetwork).
 */
const label = 'k8s.ovn.org/user-defined-network';

export function networkRow(object: KubernetesObject & { spec?: { config?: string } }): NetworkRow {
  const { name = '', labels = {} } = object.metadata ?? {};
  const role = roleOf(object.spec?.config ?? '');
  return { name, isUserDefined: label in labels, isPrimary: role === 'primary' };
}

/** Of the configuration for CNI plugins, which is JSON within a text. */
function roleOf(config: string): unknown {
  try {
    const json: unknown = JSON.parse(config);
    return isRecord(json) ? json['role'] : undefined;
  } catch {
    // Multus will say that it is none.
    return undefined;
  }
}
