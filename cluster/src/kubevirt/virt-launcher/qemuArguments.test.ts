import { expect, test } from 'vitest';
import type { DomainDisk, DomainSpec } from './GuestRuntime.ts';
import { blockNode } from './diskDevices.ts';
import { placeDevices } from './placeDevices.ts';
import { qemuArguments } from './qemuArguments.ts';

function disk(name: string, bus: DomainDisk['bus'], more: Partial<DomainDisk> = {}): DomainDisk {
  const file = { path: `/data/${name}.qcow2`, format: 'qcow2' } as const;
  const base = { name, file, device: 'disk' } as const;
  return { ...base, bus, readOnly: false, ...more };
}

function domain(more: Partial<DomainSpec> = {}): DomainSpec {
  return {
    uid: 'u',
    name: 'default_web',
    hostname: 'web',
    firmware: {
      uuid: '5d307ca9-b3ef-428c-8861-06e72d69f223',
      bootloader: 'bios',
      secureBoot: false,
    },
    cpu: { sockets: 2, cores: 2, threads: 1, maxSockets: 8 },
    memoryBytes: 256 * 2 ** 20,
    disks: [],
    interfaces: [],
    graphics: true,
    serialConsole: true,
    startPaused: false,
    ...more,
  };
}

const tcg = { acceleration: 'tcg', incoming: false } as const;

/** The values of an option, those in JSON as objects. */
function values(args: string[], option: string): (Record<string, unknown> | string)[] {
  return args.flatMap((arg, index) => {
    const text = args[index + 1];
    if (arg !== option || text === undefined) return [];
    return [text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : text];
  });
}

function device(args: string[], id: string): Record<string, unknown> | undefined {
  return values(args, '-device').find(
    (entry) => typeof entry === 'object' && entry['id'] === id,
  ) as Record<string, unknown> | undefined;
}

test('processors and memory are what the domain says', () => {
  const args = qemuArguments(domain(), tcg);
  expect(values(args, '-smp')).toEqual(['cpus=4,maxcpus=16,sockets=8,cores=2,threads=1']);
  expect(values(args, '-m')).toEqual(['size=262144K']);
  expect(values(args, '-accel')).toEqual(['tcg,thread=multi,tb-size=64']);
});

test('a processor is of the model that the domain names, in full or not at all', () => {
  const cpu = (more: Partial<DomainSpec>, machine: Parameters<typeof qemuArguments>[1] = tcg) =>
    values(qemuArguments(domain(more), machine), '-cpu');
  const feature = (name: string, on: boolean, required: boolean) => ({ name, on, required });
  expect(cpu({})).toEqual(['max,la57=off']);
  expect(cpu({}, { ...tcg, acceleration: 'kvm' })).toEqual(['host']);
  expect(cpu({ cpuModel: 'Penryn' })).toEqual(['Penryn,enforce']);
  const cpuFeatures = [feature('aes', true, true), feature('avx', false, false)];
  expect(cpu({ cpuFeatures })).toEqual(['max,la57=off,aes=on,avx=off,enforce']);
  expect(cpu({ cpuFeatures: [feature('avx', true, false)] })).toEqual(['max,la57=off,avx=on']);
});

const interfaces: DomainSpec['interfaces'] = ['default', 'blue', 'red'].map((name) => ({
  name,
  mac: '02:00:00:00:00:01',
  model: 'virtio',
  address: '127.64.0.2',
  ports: [],
  ...(name !== 'default' && { segment: { name: 'br1', onlyOwnAddress: false } }),
}));

test('boot order goes before the order of the list, for disks and interfaces together', () => {
  const [pod, blue, red] = interfaces;
  const args = qemuArguments(
    domain({
      disks: [disk('a', 'virtio'), disk('b', 'virtio', { bootOrder: 2 })],
      interfaces: [pod, blue, red].flatMap((nic) =>
        nic ? [nic.name === 'red' ? { ...nic, bootOrder: 1 } : nic] : [],
      ),
    }),
    tcg,
  );
  const index = (id: string) => device(args, id)?.['bootindex'];
  expect(['nic-red', 'ua-b', 'ua-a', 'nic-blue', 'nic-default'].map(index)).toEqual([
    ...[0, 1, 2, undefined, undefined],
  ]);
  // Without a ROM firmware does not try them.
  expect(device(args, 'nic-blue')).toMatchObject({ romfile: '' });
  expect(device(args, 'nic-red')).not.toHaveProperty('romfile');
});

test('every bus has its device', () => {
  const disks = [
    disk('root', 'virtio', { serial: 'abc' }),
    disk('sata', 'sata'),
    disk('iso', 'sata', { device: 'cdrom' }),
    disk('scsi', 'scsi'),
    disk('stick', 'usb'),
  ];
  const args = qemuArguments(domain({ disks }), tcg);
  expect(device(args, 'ua-root')).toMatchObject({
    driver: 'virtio-blk-pci',
    bus: 'rp0',
    serial: 'abc',
    drive: blockNode('root'),
  });
  expect(device(args, 'ua-sata')).toMatchObject({ driver: 'ide-hd', bus: 'ide.0' });
  expect(device(args, 'ua-iso')).toMatchObject({ driver: 'ide-cd', bus: 'ide.1' });
  expect(device(args, 'ua-scsi')).toMatchObject({ driver: 'scsi-hd', bus: 'scsi0.0', lun: 0 });
  expect(device(args, 'ua-stick')).toMatchObject({ driver: 'usb-storage' });
});

test('a CD-ROM is never writable, and what a bus cannot do is said', () => {
  const iso = disk('iso', 'sata', { device: 'cdrom' });
  expect(values(qemuArguments(domain({ disks: [iso] }), tcg), '-blockdev')).toMatchObject([
    { 'read-only': true },
  ]);
  const virtio = domain({ disks: [disk('iso', 'virtio', { device: 'cdrom' })] });
  expect(() => qemuArguments(virtio, tcg)).toThrow('CD-ROM cannot be on the virtio bus');
  const seven = domain({ disks: Array.from({ length: 7 }, (_, n) => disk(`d${n}`, 'sata')) });
  expect(() => qemuArguments(seven, tcg)).toThrow('room for 6 disks');
});

test('block nodes keep to the 31 characters of QEMU', () => {
  const long = 'x'.repeat(63);
  expect(blockNode(long).length).toBeLessThanOrEqual(31);
  expect(blockNode(long)).not.toBe(blockNode(`${long}y`));
});

test('interfaces are on the pod network or on segments', () => {
  const args = qemuArguments(domain({ interfaces }), tcg);
  const stream = (id: string, path = `${id}.sock`) => ({
    type: 'stream',
    id,
    server: true,
    addr: { type: 'unix', path },
  });
  const user = {
    type: 'user',
    id: 'net0',
    net: '10.0.2.0/24',
    dhcpstart: '10.0.2.15',
    ipv6: false,
    hostname: 'web',
  };
  expect(values(args, '-netdev')).toEqual([user, stream('net-blue'), stream('net-red')]);
  expect(device(args, 'nic-blue')).toMatchObject({ netdev: 'net-blue', bus: 'rp1' });

  const routed = interfaces
    .slice(0, 1)
    .map((nic) => ({ ...nic, routed: { searchDomains: ['a'] } }));
  const withRouter = qemuArguments(domain({ interfaces: routed }), tcg);
  expect(values(withRouter, '-netdev')).toEqual([
    { ...user, dnssearch: [{ str: 'a' }] },
    stream('relay0', 'relay.sock'),
    { type: 'hubport', id: 'hub-net0', hubid: 0, netdev: 'net0' },
    { type: 'hubport', id: 'hub-relay0', hubid: 0, netdev: 'relay0' },
    stream('pod0', 'pod.sock'),
  ]);
  expect(device(withRouter, 'nic-default')).toMatchObject({ netdev: 'pod0' });
});

test('a disk and an interface of one name are two devices, and no id is there twice', () => {
  const nics = interfaces.map((nic) => (nic.name === 'blue' ? { ...nic, name: 'virtiomem' } : nic));
  const memory = { requestedBytes: 0, maxBytes: 2 ** 30, place: 7 };
  const disks = [disk('default', 'virtio'), disk('red', 'scsi'), disk('virtiomem', 'sata')];
  const args = qemuArguments(
    domain({ disks, interfaces: nics, hotplugMemory: memory, maxMemoryBytes: 2 ** 31 }),
    tcg,
  );
  const ids = [...values(args, '-device'), ...values(args, '-netdev')].flatMap((entry) =>
    typeof entry === 'object' && entry['id'] !== undefined ? [entry['id']] : [],
  );
  expect(ids).toEqual(expect.arrayContaining(['ua-red', 'nic-red', 'net-red', 'virtiomem']));
  expect(new Set(ids).size).toBe(ids.length);
});

test('eight root ports stay free', () => {
  const args = qemuArguments(domain({ disks: [disk('root', 'virtio')] }), tcg);
  const ports = values(args, '-device').filter(
    (entry) => typeof entry === 'object' && entry['driver'] === 'pcie-root-port',
  );
  expect(ports).toHaveLength(9);
});

test('commas in names stay part of the name', () => {
  const args = qemuArguments(domain({ name: 'a,process=b' }), tcg);
  expect(values(args, '-name')).toEqual(['guest=a,,process=b,debug-threads=on']);
});

test('a guest without screen and serial line has neither', () => {
  const args = qemuArguments(domain({ graphics: false, serialConsole: false }), tcg);
  expect(args).not.toContain('-vnc');
  expect(args.join(' ')).not.toContain('serial0,path');
});

test('devices keep their places when others come and go', () => {
  const before = placeDevices(domain({ disks: [disk('a', 'virtio'), disk('b', 'virtio')] }));
  const [, b] = before.disks;
  const after = placeDevices({ ...before, disks: [...(b ? [b] : []), disk('c', 'virtio')] });
  expect(after.disks.map(({ name, place }) => [name, place])).toEqual([
    ['b', 1],
    ['c', 0],
  ]);
  expect(after.rootPorts).toBe(before.rootPorts);
});

test('memory that was plugged in is there again on the other side of a migration', () => {
  const gibibyte = 2 ** 30;
  const args = qemuArguments(
    domain({
      maxMemoryBytes: 4 * gibibyte,
      hotplugMemory: { requestedBytes: gibibyte, maxBytes: 3 * gibibyte, place: 2 },
    }),
    tcg,
  );
  expect(values(args, '-m')).toEqual(['size=262144K,maxmem=4194304K']);
  expect(device(args, 'virtiomem')).toMatchObject({ 'requested-size': gibibyte, bus: 'rp2' });
});
