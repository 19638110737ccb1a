import type { ResourceDefinition } from '../ResourceDefinition.ts';
import { coreResources } from './coreResources.ts';
import { eventResources } from './eventResources.ts';
import { networkResources } from './networkResources.ts';
import { otherResources } from './otherResources.ts';
import { rbacResources } from './rbacResources.ts';
import {
  csiDriverResource,
  csiStorageCapacityResource,
  storageClassResource,
  volumeAttachmentResource,
} from './storageResources.ts';
import { workloadResources } from './workloadResources.ts';

/**
 * The resources that every Kubernetes has, as far as they are served here. They are always there;
 * `createApiServer`'s `resources` come on top, and replace a built-in of the same group and plural,
 * so that a built-in can be given more subresources or admission.
 */
export const builtinResources: readonly ResourceDefinition[] = [
  ...coreResources,
  ...eventResources,
  ...rbacResources,
  storageClassResource,
  csiDriverResource,
  csiStorageCapacityResource,
  volumeAttachmentResource,
  ...workloadResources,
  ...networkResources,
  ...otherResources,
];
