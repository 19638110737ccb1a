import { kubernetesRequest } from '~/console/http';
import { resourcePath, virtualMachineClones } from '~/k8s/models';
import { type CloneOrder, cloneManifest } from '~/kubevirt/vmClone';

/** Asks for a clone; what comes of it is seen by watching. Rejects with what `toFailure` understands. */
export async function cloneCreate(order: CloneOrder): Promise<void> {
  const { namespace } = order;
  const path = resourcePath(virtualMachineClones, { namespace });
  await kubernetesRequest(path, { method: 'POST', body: cloneManifest(order) });
}
