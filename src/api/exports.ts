import { type CreateTask, createTask, type VmRef } from '~/api/vms';
import { kubernetesRequest } from '~/console/http';
import { isRecord } from '~/k8s/isRecord';
import { resourcePath, secrets, virtualMachineExports } from '~/k8s/models';
import { exportManifest, type ExportSource } from '~/kubevirt/vmExport';

// All reject with what `toFailure` understands.

/** Offers disks for download; `onMade` gets the name of the export. */
export function exportTask(
  source: ExportSource,
  hours: number,
  onMade: (name: string) => void,
): CreateTask {
  const { namespace, name } = source;
  const object = exportManifest(source, hours);
  return createTask({ namespace, name }, { model: virtualMachineExports, object }, onMade);
}

/** Takes an offer back. */
export async function exportDelete(ref: VmRef): Promise<void> {
  await kubernetesRequest(resourcePath(virtualMachineExports, ref), { method: 'DELETE' });
}

/** The token of an export, from its secret. */
export async function exportToken(secret: VmRef): Promise<string> {
  const found = await kubernetesRequest(resourcePath(secrets, secret));
  const data = isRecord(found) && isRecord(found['data']) ? found['data'] : {};
  const token = data['token'];
  return typeof token === 'string' ? atob(token) : '';
}
