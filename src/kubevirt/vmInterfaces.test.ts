import type {
  V1Interface,
  V1Network,
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { expect, it } from 'vitest';

import { vmInterfaces } from './vmInterfaces';

type Nic = V1Interface & { on: string };

const pod: Nic = { name: 'default', masquerade: {}, on: 'pod' };
const blue = (more: Partial<Nic> = {}): Nic => ({ name: 'blue', bridge: {}, on: 'blue', ...more });

const specOf = (nics: readonly Nic[]) => ({
  domain: { devices: { interfaces: nics.map(({ on: _on, ...nic }) => nic) } },
  networks: nics.map(({ name, on }): V1Network =>
    on === 'pod' ? { name, pod: {} } : { name, multus: { networkName: on } },
  ),
});

const vm = (...nics: Nic[]): V1VirtualMachine => ({ spec: { template: { spec: specOf(nics) } } });

function running(
  nics: readonly Nic[],
  sources: Record<string, string>,
  conditions: { type: string; status: string }[] = [],
): V1VirtualMachineInstance {
  const interfaces = Object.entries(sources).map(([name, infoSource]) => ({
    name,
    infoSource,
    linkState: nics.find((nic) => nic.name === name)?.state === 'down' ? 'down' : 'up',
  }));
  return { spec: specOf(nics), status: { phase: 'Running', interfaces, conditions } };
}

const both = { default: 'domain', blue: 'domain, multus-status' };
const required = [{ type: 'MigrationRequired', status: 'True' }];

it.each<[string, V1VirtualMachine, V1VirtualMachineInstance | undefined, string | undefined]>([
  ['plugged in', vm(pod, blue()), running([pod, blue()], both), 'up'],
  [
    'without its cable',
    vm(pod, blue({ state: 'down' })),
    running([pod, blue({ state: 'down' })], both),
    'down',
  ],
  ['not yet in the instance', vm(pod, blue()), running([pod], both), 'plugging'],
  [
    'connected to the pod alone',
    vm(pod, blue()),
    running([pod, blue()], { ...both, blue: 'multus-status' }),
    'plugging',
  ],
  [
    'on its way out',
    vm(pod, blue({ state: 'absent' })),
    running([pod, blue({ state: 'absent' })], both),
    'unplugging',
  ],
  ['left out', vm(pod), running([pod, blue()], both), 'restart'],
  [
    'of a kind that cannot be plugged in',
    vm(pod, blue({ on: 'pod' })),
    running([pod], both),
    'restart',
  ],
  ['on another network', vm(pod, blue({ on: 'red' })), running([pod, blue()], both), 'moving'],
  [
    'whose guest is to move',
    vm(pod, blue({ on: 'red' })),
    running([pod, blue({ on: 'red' })], both, required),
    'moving',
  ],
  ['of a VM that is off', vm(pod, blue()), undefined, undefined],
])('an interface %s', (_what, machine, instance, state) => {
  const found = vmInterfaces(machine, instance).find(({ name }) => name === 'blue');
  expect(found).toMatchObject({ name: 'blue', state });
});

it('an interface that the cluster gave by default needs nothing', () => {
  const [only] = vmInterfaces(vm(), running([pod], { default: 'domain' }));
  expect(only).toMatchObject({ name: 'default', network: 'pod', state: 'up' });
});
