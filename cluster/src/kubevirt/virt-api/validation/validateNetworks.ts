import type {
  V1Interface,
  V1Network,
  V1VirtualMachineInstanceSpec,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { isMultusDefault } from '../../isDefaultNetwork.ts';
import { type Cause, duplicate, invalid, notSupported, required } from './Cause.ts';

const models = ['virtio', 'e1000', 'e1000e', 'igb', 'ne2k_pci', 'pcnet', 'rtl8139'];
const mac = /^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/;

/** Is it the hardware address of an interface? */
export const isMac = (text: string) => mac.test(text);

/** The address that KubeVirt's in-pod bridge has (NADM, d923fdb). */
const reservedMac = '02:00:00:00:00:00';

/** Rules 58 to 72 of the catalogue (NADM/*.go, d923fdb). */
export function validateNetworks(path: string, spec: V1VirtualMachineInstanceSpec): Cause[] {
  const interfaces = spec.domain.devices.interfaces ?? [];
  const networks = spec.networks ?? [];
  const base = `${path}.domain.devices.interfaces`;
  return [
    ...interfaces.flatMap((nic, index) => validateInterface(`${base}[${index}]`, nic, spec)),
    ...interfaces.flatMap(({ name }, index) =>
      interfaces.findIndex((other) => other.name === name) === index
        ? []
        : [
            duplicate(
              `${base}[${index}].name`,
              'Only one interface can be connected to one specific network',
            ),
          ],
    ),
    ...networks.flatMap((network, index) => {
      const field = `${path}.networks[${index}]`;
      const types = [network.pod, network.multus].filter(Boolean).length;
      const first = networks.findIndex(({ name }) => name === network.name);
      return [
        ...(types === 0 ? [required(field, 'should have a network type')] : []),
        ...(types > 1 ? [required(field, 'should have only one network type')] : []),
        ...(network.multus && !network.multus.networkName
          ? [required(field, 'CNI delegating plugin must have a networkName')]
          : []),
        ...(first === index
          ? []
          : [
              duplicate(
                `${field}.name`,
                `Network with name "${network.name}" already exists, every network must have a unique name`,
              ),
            ]),
        ...(interfaces.some(({ name }) => name === network.name)
          ? []
          : [required(`${field}.name`, `${field}.name '${network.name}' not found.`)]),
      ];
    }),
    ...validateDefaults(`${path}.networks`, networks),
    ...(networks.filter(({ pod }) => pod).length > 1
      ? [
          duplicate(
            `${path}.interfaces`,
            `more than one interface is connected to a pod network in ${path}.interfaces`,
          ),
        ]
      : []),
  ];
}

/** Rule 66. */
function validateDefaults(field: string, networks: V1Network[]): Cause[] {
  const defaults = networks.filter(isMultusDefault).length;
  return [
    ...(defaults > 1 ? [invalid(field, 'Multus CNI should only have one default network')] : []),
    ...(defaults > 0 && networks.some(({ pod }) => pod)
      ? [invalid(field, 'Pod network cannot be defined when Multus default network is defined')]
      : []),
  ];
}

const states = ['up', 'down', 'absent'];

/** Rule 73. */
function validateState(field: string, nic: V1Interface, network: V1Network | undefined): Cause[] {
  const { name, state } = nic;
  const path = `${field}.state`;
  if (!state) return [];
  if (!states.includes(state))
    return [invalid(path, `logical ${name} interface state value is unsupported: ${state}`)];
  if (nic.sriov && state !== 'absent')
    return [
      invalid(path, `"${name}" interface's state "${state}" is not supported for SR-IOV NICs`),
    ];
  if (state !== 'absent') return [];
  const refuse = (why: string) => [invalid(path, `"${name}" interface's state "absent" is ${why}`)];
  if (!nic.bridge) return refuse('supported only for bridge binding');
  const isDefault =
    network !== undefined && (network.pod !== undefined || isMultusDefault(network));
  return isDefault ? refuse('not supported on default networks') : [];
}

/** Bindings of the past, which the schema no longer describes. */
const discontinued = { slirp: 'v1.3', macvtap: 'v1.3', passt: 'v1.3' };

/** Rule 74: refused at creation, kept where they are. */
export function discontinuedBindings(spec: V1VirtualMachineInstanceSpec | undefined): Cause[] {
  return (spec?.domain.devices.interfaces ?? []).flatMap((nic, index) =>
    Object.entries(discontinued).flatMap(([binding, since]) =>
      binding in nic
        ? [
            invalid(
              `spec.domain.devices.interfaces[${index}].${binding}`,
              `${binding} network binding has been discontinued since ${since}`,
            ),
          ]
        : [],
    ),
  );
}

function validateInterface(
  field: string,
  nic: V1Interface,
  spec: V1VirtualMachineInstanceSpec,
): Cause[] {
  const causes: Cause[] = [];
  const network = spec.networks?.find(({ name }) => name === nic.name);
  if (!network) causes.push(invalid(`${field}.name`, `${field}.name '${nic.name}' not found.`));
  if (!/^[A-Za-z0-9-_]+$/.test(nic.name)) {
    causes.push(
      invalid(
        `${field}.name`,
        'Network interface name can only contain alphabetical characters, numbers, dashes (-) or underscores (_)',
      ),
    );
  }
  const bindings = [nic.masquerade, nic.bridge, nic.sriov, nic.passtBinding, nic.binding].filter(
    Boolean,
  );
  if (bindings.length !== 1) {
    causes.push(
      invalid(
        field,
        `logical ${nic.name} interface must have exactly one binding method or binding plugin`,
      ),
    );
  }
  if (nic.masquerade && network && !network.pod) {
    causes.push(invalid(`${field}.name`, 'Masquerade interface only implemented with pod network'));
  }
  if (nic.model && !models.includes(nic.model)) {
    causes.push(
      notSupported(
        `${field}.model`,
        `interface ${field}.name uses model ${nic.model} that is not supported.`,
      ),
    );
  }
  causes.push(...validateState(field, nic, network));
  return [...causes, ...validateMac(field, nic.macAddress), ...validatePorts(field, nic)];
}

function validateMac(field: string, address: string | undefined): Cause[] {
  if (!address) return [];
  const path = `${field}.macAddress`;
  if (!isMac(address)) {
    return [invalid(path, `interface ${field}.name has malformed MAC address (${address}).`)];
  }
  if (address.toLowerCase() !== reservedMac) return [];
  return [
    invalid(
      path,
      'The requested MAC address is reserved for the in-pod bridge. Please choose another one.',
    ),
  ];
}

function validatePorts(field: string, nic: V1Interface): Cause[] {
  const ports = nic.ports ?? [];
  return ports.flatMap(({ name, port, protocol }, index) => {
    const path = `${field}.ports[${index}]`;
    if (!port) return [required(`${path}.port`, 'Port field is mandatory.')];
    if (port < 0 || port > 65535) {
      return [invalid(`${path}.port`, 'Port field must be in range 0 < x < 65536.')];
    }
    if (protocol && protocol !== 'TCP' && protocol !== 'UDP') {
      return [invalid(`${path}.protocol`, 'Unknown protocol, only TCP or UDP allowed')];
    }
    if (name && ports.findIndex((other) => other.name === name) !== index) {
      return [duplicate(`${path}.name`, `Duplicate name of the port: ${name}`)];
    }
    return [];
  });
}
