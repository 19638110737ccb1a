import type { VmRef } from '~/api/vms';
import { kubernetesRequest } from '~/console/http';
import { isRecord } from '~/k8s/isRecord';
import { resourcePath, secrets, virtualMachineExports } from '~/k8s/models';
import { exportManifest, type ExportSource } from '~/kubevirt/vmExport';

// All reject with what `toFailure` understands.

/** Offers disks for download; resolves with the name of the export. */
export async function exportCreate(source: ExportSource, hours: number): Promise<string> {
  const { namespace } = source;
  const made = await kubernetesRequest(resourcePath(virtualMachineExports, { namespace }), {
    method: 'POST',
    body: exportManifest(source, hours),
  });
  const metadata = isRecord(made) && isRecord(made['metadata']) ? made['metadata'] : {};
  return typeof metadata['name'] === 'string' ? metadata['name'] : '';
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
