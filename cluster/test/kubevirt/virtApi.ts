import { virtualMachines } from '../../src/kubevirt/resources.ts';
import type { VirtualMachineInstance } from '../../src/kubevirt/resources.ts';
import { type TestCluster, vmAction } from './clusterFixture.ts';
import { plainVm } from './manifests.ts';
import { untilVm, untilVmi } from './watching.ts';

/** What virt-api says of a conflict; it names resources in the singular. */
const conflict = (resource: string, name: string, why: string) => ({
  code: 409,
  body: {
    kind: 'Status',
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${resource}.kubevirt.io "${name}": ${why}`,
  },
});
export const vmConflict = (name: string, why: string) => conflict('virtualmachine', name, why);
export const vmiConflict = (name: string, why: string) =>
  conflict('virtualmachineinstance', name, why);

/** The answers of virt-api have no body. */
export const accepted = { code: 202, text: '' };
export const done = { code: 200, text: '' };

/** Makes a VM without disks and waits until its guest runs. */
export async function running(
  { client, send }: TestCluster,
  name: string,
  runStrategy = 'Always',
): Promise<VirtualMachineInstance> {
  await client.create(virtualMachines, plainVm(name, { runStrategy }));
  if (runStrategy === 'Manual') {
    await untilVm(client, name, 'Stopped');
    await send('PUT', vmAction(name, 'start'));
    await untilVm(client, name, ({ status }) => !status?.stateChangeRequests);
  }
  return untilVmi(client, name, 'Running');
}

export async function eventReasons({ send }: TestCluster): Promise<string[]> {
  const { body } = await send('GET', '/api/v1/namespaces/default/events');
  return (body['items'] as { reason: string }[]).map(({ reason }) => reason);
}
