import { ensure } from '../client/ensure.ts';
import { Informer, keyText } from '../client/Informer.ts';
import type { Draft, KubeClient } from '../client/KubeClient.ts';
import { namespaces } from '../client/resources.ts';
import { type VirtualMachine, virtualMachines } from '../kubevirt/resources.ts';

/** Projects over which the virtual machines are spread. */
const projects = 50;

/** The virtual machine of that number, of those that are made for measures of scale. */
export function seededKey(index: number): { namespace: string; name: string } {
  return { namespace: `load-${index % projects}`, name: `vm-${index}` };
}

/** The numbers below `count` of which there is no virtual machine. */
export async function missingSeeds(client: KubeClient, count: number): Promise<number[]> {
  const { items } = await client.list(virtualMachines);
  const there = new Set(items.map(({ metadata }) => keyText(metadata)));
  const indexes = Array.from({ length: count }, (_, index) => index);
  return indexes.filter((index) => !there.has(keyText(seededKey(index))));
}

/**
 * Makes the projects and the first virtual machine, which has no disk; resolves when it runs and its agent
 * has come, so that nothing about it changes any more. The others are copies of it.
 */
export async function seedFirst(client: KubeClient): Promise<void> {
  for (let index = 0; index < projects; index++) {
    const metadata = { name: seededKey(index).namespace };
    await ensure(client, namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata });
  }
  await ensure(client, virtualMachines, firstVirtualMachine());
  const { namespace, name } = seededKey(0);
  const informer = new Informer(client, virtualMachines, { namespace });
  try {
    await new Promise<void>((resolve) => {
      informer.onChange(({ key, after }) => {
        if (key.name === name && after && isSettled(after)) resolve();
      });
      void informer.start();
    });
  } finally {
    informer.close();
  }
}

const isSettled = ({ status }: VirtualMachine) =>
  status?.printableStatus === 'Running' &&
  status.conditions?.some((one) => one.type === 'AgentConnected' && one.status === 'True');

function firstVirtualMachine(): Draft<VirtualMachine> {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { ...seededKey(0), labels: { app: 'load' } },
    spec: {
      runStrategy: 'Always',
      template: {
        spec: {
          domain: {
            // Little, so that many fit on few nodes.
            resources: { requests: { cpu: '1m' } },
            memory: { guest: '16Mi' },
            devices: { interfaces: [{ name: 'default', masquerade: {} }] },
          },
          networks: [{ name: 'default', pod: {} }],
        },
      },
    },
  };
}
