import type { KubernetesObject } from '~/k8s/KubernetesObject';
import type { Model } from '~/k8s/models';

/** An object that is to be created. */
export interface NewObject {
  model: Model;
  object: KubernetesObject;
  /** Name of the VM made along whose property it becomes, to go with it. */
  ownerName?: string;
}
