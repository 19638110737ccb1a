import type { KubeObject } from './KubeClient.ts';

/** Names the object that another one is made by, and with which it goes. */
export const controllerReference = (
  apiVersion: string,
  kind: string,
  { name, uid }: KubeObject['metadata'],
) => ({ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true });
