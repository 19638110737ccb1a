import { isDeepStrictEqual } from 'node:util';

import type { V1Interface, V1Network } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { VirtualMachine, VirtualMachineInstance } from '../../resources.ts';
import { isMultusDefault } from '../../isDefaultNetwork.ts';
import { defaultNetwork } from '../../virt-api/defaultInstanceSpec.ts';

type Spec = VirtualMachineInstance['spec'];

const interfacesOf = (spec: Spec): V1Interface[] => spec.domain.devices.interfaces ?? [];

const networkOf = (spec: Spec, name: string): V1Network | undefined =>
  spec.networks?.find((network) => network.name === name);

/** May the interface come and go while the guest runs? */
function isPluggable(nic: V1Interface, network: V1Network | undefined): boolean {
  return Boolean(nic.bridge && network?.multus && !isMultusDefault(network));
}

/**
 * Does the VM need a restart for a change of its interfaces? Coming ones on networks of Multus, absent ones,
 * cables and other networks need none; what was there and is left out, or is otherwise changed, does
 * (pkg/network/vmliveupdate, d923fdb). `started` is the spec that the instance was made from.
 */
export function interfacesNeedRestart(started: Spec, wanted: Spec, current: Spec): boolean {
  const before = withDefaults(started);
  const after = withDefaults(wanted);
  const has = (spec: Spec, name: string) => interfacesOf(spec).some((nic) => nic.name === name);
  const left = interfacesOf(current).some(
    ({ name, state }) => state !== 'absent' && !has(after, name),
  );
  if (left) return true;
  return interfacesOf(after).some((nic) => {
    const network = networkOf(after, nic.name);
    if (!has(current, nic.name)) return nic.state !== 'absent' && !isPluggable(nic, network);
    // One that was plugged in is known by the instance alone.
    const base = has(before, nic.name) ? before : current;
    const known = interfacesOf(base).find(({ name }) => name === nic.name);
    return !isDeepStrictEqual(
      comparable(nic, network),
      comparable(known, networkOf(base, nic.name)),
    );
  });
}

function withDefaults(spec: Spec): Spec {
  const copy = structuredClone(spec);
  defaultNetwork(copy);
  return copy;
}

/** Without what can be changed as the guest runs; fields that are there and undefined go too. */
function comparable(nic: V1Interface | undefined, network: V1Network | undefined): unknown {
  const { state: _state, ...rest } = nic ?? { name: '' };
  const kind = network?.multus
    ? { multus: { isDefault: isMultusDefault(network) } }
    : { pod: network?.pod };
  return JSON.parse(JSON.stringify({ rest, kind }));
}

/**
 * The spec of an instance with the interfaces that its VM has now: new ones come, `state` is taken over, and a
 * network may be exchanged (pkg/network/controllers/vm.go, d923fdb).
 */
export function withHotplugged(spec: Spec, wanted: Spec): Spec {
  const current = interfacesOf(spec);
  const interfaces = current.map((nic) => withState(nic, wanted));
  const networks = (spec.networks ?? []).map((network) => {
    const next = networkOf(wanted, network.name);
    return network.multus && next?.multus ? { ...network, multus: next.multus } : network;
  });
  const coming = interfacesOf(wanted).filter(
    (nic) =>
      nic.state !== 'absent' &&
      isPluggable(nic, networkOf(wanted, nic.name)) &&
      !current.some(({ name }) => name === nic.name),
  );
  const added = coming.flatMap(({ name }) => networkOf(wanted, name) ?? []);
  const next: Spec = {
    ...spec,
    networks: [...networks, ...added],
    domain: {
      ...spec.domain,
      devices: { ...spec.domain.devices, interfaces: [...interfaces, ...coming] },
    },
  };
  const isSame =
    coming.length === 0 &&
    isDeepStrictEqual([interfaces, networks], [current, spec.networks ?? []]);
  return isSame ? spec : next;
}

function withState(nic: V1Interface, wanted: Spec): V1Interface {
  const next = interfacesOf(wanted).find(({ name }) => name === nic.name);
  // Whoever is on the way out goes.
  if (!next || nic.state === 'absent') return nic;
  const { state: _state, ...rest } = nic;
  return next.state ? { ...rest, state: next.state } : rest;
}

/** The spec without the interfaces of these names and their networks. */
function without<T extends Spec>(spec: T, gone: ReadonlySet<string>): T {
  return {
    ...spec,
    networks: (spec.networks ?? []).filter(({ name }) => !gone.has(name)),
    domain: {
      ...spec.domain,
      devices: {
        ...spec.domain.devices,
        interfaces: interfacesOf(spec).filter(({ name }) => !gone.has(name)),
      },
    },
  };
}

/** A new instance has no interfaces that are absent. */
export function withoutAbsent(spec: Spec): Spec {
  const gone = interfacesOf(spec).filter(({ state }) => state === 'absent');
  return gone.length === 0 ? spec : without(spec, new Set(gone.map(({ name }) => name)));
}

/** An instance's spec without the absent interfaces that its guest has given away. */
export function withoutDetached({ spec, status }: VirtualMachineInstance): Spec {
  const gone = interfacesOf(spec).filter(
    ({ name, state }) =>
      state === 'absent' && !status?.interfaces?.some((nic) => nic.name === name),
  );
  return gone.length === 0 ? spec : without(spec, new Set(gone.map(({ name }) => name)));
}

/**
 * A VM's spec without the absent interfaces that its instance has not or no longer, undefined when there are
 * none (pkg/network/controllers/vm.go, ClearDetachedInterfaces, d923fdb).
 */
export function clearedDetached(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
): VirtualMachine | undefined {
  const { spec } = vm.spec.template;
  if (!spec) return undefined;
  const gone = interfacesOf(spec).filter(
    ({ name, state }) =>
      state === 'absent' && !(vmi && interfacesOf(vmi.spec).some((nic) => nic.name === name)),
  );
  if (gone.length === 0) return undefined;
  const cleared = without(spec, new Set(gone.map(({ name }) => name)));
  return { ...vm, spec: { ...vm.spec, template: { ...vm.spec.template, spec: cleared } } };
}
