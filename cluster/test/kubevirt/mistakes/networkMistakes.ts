import {
  D,
  P,
  duplicate,
  invalid,
  nic,
  notSupported,
  required,
  type Mistake,
  type Spec,
} from './broken.ts';

const only = (s: Spec, change: object) =>
  (s.domain.devices.interfaces = [{ name: 'default', ...change }]);

/** Rows of interfaces and networks (NADM/*.go, d923fdb). */
export const networkMistakes: Mistake[] = [
  [
    58,
    'NIC without network',
    (s) => s.domain.devices.interfaces?.push({ name: 'x', bridge: {} }),
    invalid,
    `${D}.devices.interfaces[1].name`,
    `${D}.devices.interfaces[1].name 'x' not found.`,
  ],
  [
    59,
    'network without NIC',
    (s) => s.networks?.push({ name: 'x', multus: { networkName: 'n' } }),
    required,
    `${P}.networks[1].name`,
    `${P}.networks[1].name 'x' not found.`,
  ],
  [
    60,
    'two bindings',
    (s) => (nic(s).bridge = {}),
    invalid,
    `${D}.devices.interfaces[0]`,
    'logical default interface must have exactly one binding method or binding plugin',
  ],
  [
    61,
    'masquerade on multus',
    (s) => (s.networks = [{ name: 'default', multus: { networkName: 'n' } }]),
    invalid,
    `${D}.devices.interfaces[0].name`,
    'Masquerade interface only implemented with pod network',
  ],
  [
    63,
    'network twice',
    (s) => s.networks?.push({ name: 'default', multus: { networkName: 'n' } }),
    duplicate,
    `${P}.networks[1].name`,
    'Network with name "default" already exists, every network must have a unique name',
  ],
  [
    64,
    'NIC twice',
    (s) => s.domain.devices.interfaces?.push({ name: 'default', bridge: {} }),
    duplicate,
    `${D}.devices.interfaces[1].name`,
    'Only one interface can be connected to one specific network',
  ],
  [
    66,
    'default network of Multus beside the pod network',
    (s) => {
      const multus = { networkName: 'n', default: true };
      s.networks?.push({ name: 'b', multus });
      s.domain.devices.interfaces?.push({ name: 'b', bridge: {} });
    },
    invalid,
    `${P}.networks`,
    'Pod network cannot be defined when Multus default network is defined',
  ],
  [
    66,
    'two default networks of Multus',
    (s) => {
      s.networks = ['default', 'b'].map((name) => ({
        name,
        multus: { networkName: name, default: true },
      }));
      s.domain.devices.interfaces = ['default', 'b'].map((name) => ({ name, bridge: {} }));
    },
    invalid,
    `${P}.networks`,
    'Multus CNI should only have one default network',
  ],
  [
    73,
    'state of an SR-IOV interface',
    (s) => {
      s.networks = [{ name: 'default', multus: { networkName: 'n' } }];
      only(s, { sriov: {}, state: 'down' });
    },
    invalid,
    `${D}.devices.interfaces[0].state`,
    `"default" interface's state "down" is not supported for SR-IOV NICs`,
  ],
  ...['slirp', 'macvtap', 'passt'].map((binding): Mistake => [
    74,
    `${binding}, a binding of the past`,
    (s) => only(s, { [binding]: {} }),
    invalid,
    `spec.domain.devices.interfaces[0].${binding}`,
    `${binding} network binding has been discontinued since v1.3`,
  ]),
  [
    73,
    'unknown state',
    (s) => (nic(s).state = 'sideways'),
    invalid,
    `${D}.devices.interfaces[0].state`,
    'logical default interface state value is unsupported: sideways',
  ],
  [
    73,
    'absent with masquerade',
    (s) => (nic(s).state = 'absent'),
    invalid,
    `${D}.devices.interfaces[0].state`,
    `"default" interface's state "absent" is supported only for bridge binding`,
  ],
  [
    73,
    'absent on the pod network',
    (s) => (s.domain.devices.interfaces = [{ name: 'default', bridge: {}, state: 'absent' }]),
    invalid,
    `${D}.devices.interfaces[0].state`,
    `"default" interface's state "absent" is not supported on default networks`,
  ],
  [
    65,
    'two pod networks',
    (s) => {
      s.networks?.push({ name: 'b', pod: {} });
      s.domain.devices.interfaces?.push({ name: 'b', bridge: {} });
    },
    duplicate,
    `${P}.interfaces`,
    `more than one interface is connected to a pod network in ${P}.interfaces`,
  ],
  [
    67,
    'network without type',
    (s) => (s.networks = [{ name: 'default' }]),
    required,
    `${P}.networks[0]`,
    'should have a network type',
  ],
  [
    67,
    'network with two types',
    (s) => (s.networks = [{ name: 'default', pod: {}, multus: { networkName: 'n' } }]),
    required,
    `${P}.networks[0]`,
    'should have only one network type',
  ],
  [
    68,
    'multus without name',
    (s) => (s.networks = [{ name: 'default', multus: { networkName: '' } }]),
    required,
    `${P}.networks[0]`,
    'CNI delegating plugin must have a networkName',
  ],
  [
    69,
    'NIC name',
    (s) => {
      nic(s).name = 'a.b';
      s.networks = [{ name: 'a.b', pod: {} }];
    },
    invalid,
    `${D}.devices.interfaces[0].name`,
    'Network interface name can only contain alphabetical characters, numbers, dashes (-) or underscores (_)',
  ],
  [
    70,
    'NIC model',
    (s) => (nic(s).model = 'x'),
    notSupported,
    `${D}.devices.interfaces[0].model`,
    `interface ${D}.devices.interfaces[0].name uses model x that is not supported.`,
  ],
  [
    71,
    'MAC',
    (s) => (nic(s).macAddress = '02:00'),
    invalid,
    `${D}.devices.interfaces[0].macAddress`,
    `interface ${D}.devices.interfaces[0].name has malformed MAC address (02:00).`,
  ],
  [
    71,
    'reserved MAC',
    (s) => (nic(s).macAddress = '02:00:00:00:00:00'),
    invalid,
    `${D}.devices.interfaces[0].macAddress`,
    'The requested MAC address is reserved for the in-pod bridge. Please choose another one.',
  ],
  [
    72,
    'port 0',
    (s) => (nic(s).ports = [{ port: 0 }]),
    required,
    `${D}.devices.interfaces[0].ports[0].port`,
    'Port field is mandatory.',
  ],
  [
    72,
    'port range',
    (s) => (nic(s).ports = [{ port: 65536 }]),
    invalid,
    `${D}.devices.interfaces[0].ports[0].port`,
    'Port field must be in range 0 < x < 65536.',
  ],
  [
    72,
    'port protocol',
    (s) => (nic(s).ports = [{ port: 80, protocol: 'SCTP' }]),
    invalid,
    `${D}.devices.interfaces[0].ports[0].protocol`,
    'Unknown protocol, only TCP or UDP allowed',
  ],
  [
    72,
    'port name twice',
    (s) =>
      (nic(s).ports = [
        { port: 80, name: 'a' },
        { port: 81, name: 'a' },
      ]),
    duplicate,
    `${D}.devices.interfaces[0].ports[1].name`,
    'Duplicate name of the port: a',
  ],
  [
    75,
    'input bus',
    (s) => (s.domain.devices.inputs = [{ name: 'i', type: 'tablet', bus: 'ps2' }]),
    invalid,
    `${D}.devices.inputs[0].bus`,
    'Input device can have only virtio or usb bus.',
  ],
  [
    75,
    'input type',
    (s) => (s.domain.devices.inputs = [{ name: 'i', type: 'keyboard', bus: 'usb' }]),
    invalid,
    `${D}.devices.inputs[0].type`,
    'Input device can have only tablet type.',
  ],
];
