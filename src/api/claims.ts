import type { VmRef } from '~/api/vms';
import { kubernetesRequest } from '~/console/http';
import { persistentVolumeClaims, resourcePath } from '~/k8s/models';
import { toQuantity } from '~/k8s/quantity';

/** Makes a claim larger. Rejects where its storage class does not allow it. */
export async function claimResize(claim: VmRef, bytes: number): Promise<void> {
  await kubernetesRequest(resourcePath(persistentVolumeClaims, claim), {
    method: 'PATCH',
    contentType: 'application/merge-patch+json',
    body: { spec: { resources: { requests: { storage: toQuantity(bytes) } } } },
  });
}
