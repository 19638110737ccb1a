import { badRequest, notFound } from '../../../apiserver/ApiError.ts';
import type { ApiReply } from '../../../apiserver/ApiReply.ts';
import type { ApiRequest } from '../../../apiserver/ResourceDefinition.ts';
import { findNewest } from '../../../client/findNewest.ts';
import { persistentVolumeClaims } from '../../../client/resources.ts';
import { formatBytes, parseQuantity } from '../../../quantity.ts';
import { guestMemoryBytes } from '../../launcherResources.ts';
import { type VirtualMachine, virtualMachines } from '../../resources.ts';
import { bodyField, findVmi, getVm, vmConflict, vmiConflict } from './lookup.ts';

const accepted: ApiReply = { code: 202, empty: true };
/** What a dump needs besides the guest's memory. */
const overheadBytes = 100 * 2 ** 20;

type Dump = NonNullable<NonNullable<VirtualMachine['status']>['memoryDumpRequest']>;

/** Has the memory of a running guest written to a claim (pkg/virt-api/rest/memorydump.go, d923fdb). */
export async function memoryDump(request: ApiRequest): Promise<ApiReply> {
  const vm = await getVm(request);
  const { name } = vm.metadata;
  const before = vm.status?.memoryDumpRequest;
  const asked = bodyField(request, 'claimName');
  const claimName = typeof asked === 'string' && asked !== '' ? asked : before?.claimName;
  if (claimName === undefined) {
    throw badRequest('Memory dump requires claim name on first association');
  }
  if (before && before.claimName !== claimName) {
    const text = `can't request memory dump for pvc [${claimName}] while pvc [${before.claimName}] is still associated as the memory dump pvc`;
    throw vmConflict(name, text);
  }
  if (before && before.phase !== 'Completed' && before.phase !== 'Failed') {
    throw vmConflict(name, `memory dump request for pvc [${claimName}] already in progress`);
  }
  const vmi = await findVmi(request);
  if (vmi?.status?.phase !== 'Running') throw vmiConflict(name, 'VMI is not running');
  await checkClaim(request, vm, claimName, guestMemoryBytes(vmi.spec) ?? 0);
  await write(request, vm, {
    claimName,
    phase: 'Associating',
    startTimestamp: null,
    endTimestamp: null,
    fileName: null,
    message: null,
  });
  return accepted;
}

/** Lets go of the claim; the file stays on it. */
export async function removeMemoryDump(request: ApiRequest): Promise<ApiReply> {
  const vm = await getVm(request);
  const { name } = vm.metadata;
  const before = vm.status?.memoryDumpRequest;
  if (!before) {
    const text = `can't remove memory dump association for vm ${name}, no association found`;
    throw vmConflict(name, text);
  }
  if (before.remove) {
    throw vmConflict(
      name,
      `memory dump remove request for pvc [${before.claimName}] already exists`,
    );
  }
  await write(request, vm, { phase: 'Dissociating', remove: true });
  return accepted;
}

async function checkClaim(
  request: ApiRequest,
  { metadata }: VirtualMachine,
  claimName: string,
  memoryBytes: number,
): Promise<void> {
  const { namespace, name } = metadata;
  const key = { namespace, name: claimName };
  const claim = await findNewest(request.client, persistentVolumeClaims, key);
  if (!claim) throw notFound({ group: '', plural: 'persistentvolumeclaim' }, claimName);
  if (claim.spec.volumeMode === 'Block') {
    throw vmConflict(name, 'pvc should be filesystem pvc');
  }
  if (claim.spec.accessModes?.every((mode) => mode === 'ReadOnlyMany')) {
    throw vmConflict(name, "pvc access mode can't be read only");
  }
  const capacity =
    claim.status?.capacity?.['storage'] ?? claim.spec.resources?.requests?.['storage'];
  const wanted = memoryBytes + overheadBytes;
  if ((parseQuantity(capacity ?? '') ?? 0) < wanted) {
    // The misspelling is KubeVirt's.
    const text = `pvc size [${capacity ?? '0'}] should be bigger then [${formatBytes(wanted)}]`;
    throw vmConflict(name, text);
  }
}

async function write(
  { client }: ApiRequest,
  { metadata }: VirtualMachine,
  memoryDumpRequest: { [K in keyof Dump]?: Dump[K] | null },
): Promise<void> {
  const patch = { type: 'merge', body: { status: { memoryDumpRequest } } } as const;
  await client.patch(virtualMachines, metadata, patch, { subresource: 'status' });
}
