import type { V1FeatureHyperv } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { Draft } from '../../client/KubeClient.ts';
import { type Facts, makePreference, type Part } from './makePreference.ts';
import type { Preference } from './resources.ts';

const virtioDevices: Part = {
  devices: { preferredDiskBus: 'virtio', preferredInterfaceModel: 'virtio' },
};
const rng: Part = { devices: { preferredRng: {} } };
const ioThread: Part = { devices: { preferredDiskDedicatedIoThread: true } };
const tablet: Part = {
  devices: {
    preferredAutoattachInputDevice: true,
    preferredInputBus: 'virtio',
    preferredInputType: 'tablet',
  },
};
const multiQueue: Part = { devices: { preferredNetworkInterfaceMultiQueue: true } };
const efi = (secureBoot: boolean): Part => ({ firmware: { preferredEfi: { secureBoot } } });
const secureBoot: Part = { ...efi(true), features: { preferredSmm: {} } };
const dpdk: Part = {
  cpu: {
    preferredCPUTopology: 'spread',
    spreadOptions: { across: 'SocketsCoresThreads', ratio: 4 },
  },
  ...multiQueue,
};
const realtime: Part = {
  cpu: { preferredCPUTopology: 'spread', spreadOptions: { across: 'SocketsCoresThreads' } },
  devices: {
    preferredAutoattachGraphicsDevice: false,
    preferredAutoattachMemBalloon: false,
    preferredAutoattachSerialConsole: true,
  },
};

type Linux = [
  name: string,
  displayName: string,
  tags: string,
  requires: Facts['requires'],
  ...parts: Part[],
];

const linuxGuests: Linux[] = [
  ['alpine', 'Alpine', 'alpine', [1, '512Mi']],
  ['cirros', 'Cirros', 'cirros', [1, '256Mi']],
  ['debian', 'Debian', 'debian', [1, '512Mi'], efi(false)],
  ['linux', 'Linux Guest', 'linux', undefined],
  ['linux.efi', 'Linux EFI Guest', 'linux-efi', undefined, efi(false)],
  [
    'linux.virtiotransitional',
    'Linux Virtio Transitional Guest',
    'linux-virtio-transitional',
    undefined,
    { devices: { preferredUseVirtioTransitional: true } },
  ],
  ['opensuse.leap', 'OpenSUSE Leap', 'opensuse.leap', [1, '2Gi']],
  ['opensuse.tumbleweed', 'OpenSUSE Tumbleweed', 'opensuse.tumbleweed', [1, '2Gi']],
  ['oraclelinux', 'Oracle Linux', 'oraclelinux', [2, '4Gi'], efi(false)],
  ['sles', 'SUSE Linux Enterprise Server', 'sles', [1, '2Gi']],
  ['ubuntu', 'Ubuntu', 'ubuntu', [1, '2Gi']],
  ...([9, 10] as const).flatMap((release): Linux[] => {
    const title = `CentOS Stream ${release}`;
    const tags = 'linux,centos-stream';
    return [
      [`centos.stream${release}`, title, tags, [1, '1.5Gi'], ioThread],
      [`centos.stream${release}.desktop`, title, tags, [1, '1.5Gi'], ioThread, tablet],
    ];
  }),
  [
    'centos.stream9.dpdk',
    'CentOS Stream 9',
    'linux,centos-stream,dpdk',
    [8, '1.5Gi'],
    ioThread,
    dpdk,
  ],
  ...([7, 8] as const).flatMap((release): Linux[] => {
    const title = `Red Hat Enterprise Linux ${release}`;
    const memory = release === 7 ? '1Gi' : '1.5Gi';
    return [
      [`rhel.${release}`, title, 'linux,rhel', [1, memory]],
      [`rhel.${release}.desktop`, title, 'linux,rhel', [1, memory], tablet],
    ];
  }),
  ['rhel.8.dpdk', 'Red Hat Enterprise Linux 8', 'linux,rhel,dpdk', [8, '1.5Gi'], dpdk],
];

/** Linux guests of which there is one for each architecture; only that of amd64 boots by EFI. */
const byArchitecture: Linux[] = [
  ['fedora', 'Fedora', 'fedora', [1, '2Gi']],
  ['rhel.9', 'Red Hat Enterprise Linux 9', 'linux,rhel', [1, '1.5Gi'], ioThread],
  ['rhel.10', 'Red Hat Enterprise Linux 10', 'linux,rhel', [1, '1.5Gi'], ioThread],
];
const amd64Only: Linux[] = [
  [
    'rhel.9.desktop',
    'Red Hat Enterprise Linux 9 Desktop',
    'linux,rhel',
    [1, '1.5Gi'],
    ioThread,
    tablet,
  ],
  [
    'rhel.9.dpdk',
    'Red Hat Enterprise Linux 9 DPDK',
    'linux,rhel,dpdk',
    [8, '1.5Gi'],
    ioThread,
    dpdk,
  ],
  [
    'rhel.9.realtime',
    'Red Hat Enterprise Linux 9 Realtime',
    'linux,rhel,realtime',
    [4, '4Gi'],
    ioThread,
    multiQueue,
    realtime,
  ],
];

const hyperv: V1FeatureHyperv = {
  ...Object.fromEntries(
    ['frequencies', 'ipi', 'reenlightenment', 'relaxed', 'reset', 'runtime', 'synic'].map(
      (feature) => [feature, {}],
    ),
  ),
  spinlocks: { spinlocks: 8191 },
  synictimer: { direct: {} },
  tlbflush: {},
  vapic: {},
  vpindex: {},
};
const windowsBase: Part = {
  clock: {
    preferredClockOffset: { utc: {} },
    preferredTimer: {
      hpet: { present: false },
      hyperv: {},
      pit: { tickPolicy: 'delay' },
      rtc: { tickPolicy: 'catchup' },
    },
  },
  cpu: { preferredCPUTopology: 'sockets' },
  devices: { preferredAutoattachInputDevice: true },
  features: { preferredAcpi: {}, preferredApic: {}, preferredHyperv: hyperv },
  preferredTerminationGracePeriodSeconds: 3600,
};
const persistentState: Part = {
  devices: { preferredTPM: { persistent: true } },
  firmware: { preferredEfi: { persistent: true, secureBoot: true } },
  features: { preferredSmm: {} },
};
const no64BitHole: Part = { annotations: { 'kubevirt.io/disablePCIHole64': 'true' } };

/** `nic`: what the release knows without virtio's drivers. */
type Windows = [
  release: string,
  title: string,
  requires: [number, string],
  nic: string,
  ...parts: Part[],
];
const windowsGuests: Windows[] = [
  ['xp', 'Windows XP', [1, '128Mi'], 'e1000e', no64BitHole],
  ['7', 'Windows 7', [1, '2Gi'], 'e1000e'],
  ['10', 'Windows 10', [1, '2Gi'], 'e1000e', secureBoot],
  ['11', 'Windows 11', [2, '4Gi'], 'e1000e', persistentState],
  ['2k3', 'Windows Server 2003', [1, '256Mi'], 'rtl8139', no64BitHole],
  ['2k8', 'Windows Server 2008/2008 R2', [1, '512Mi'], 'e1000'],
  ['2k12', 'Windows Server 2012/2012 R2', [1, '512Mi'], 'e1000e'],
  ['2k16', 'Windows Server 2016', [1, '2Gi'], 'e1000e', secureBoot],
  ['2k19', 'Windows Server 2019', [1, '2Gi'], 'e1000e', secureBoot],
  ['2k22', 'Windows Server 2022', [1, '2Gi'], 'e1000e', persistentState],
  ['2k25', 'Windows Server 2025', [1, '2Gi'], 'e1000e', persistentState],
];
const withoutVirtio = ['xp', '2k3'];

/** The cluster-wide preferences that KubeVirt installs, made from the facts of their families. */
export function commonPreferences(): Draft<Preference>[] {
  return [
    ...linuxGuests.map((guest) => linux(guest)),
    ...byArchitecture.flatMap((guest) => [
      linux(guest, 'amd64'),
      linux(guest, 'arm64'),
      linux(guest, 's390x'),
    ]),
    ...amd64Only.map((guest) => linux(guest, 'amd64')),
    makePreference('legacy', {
      displayName: 'Legacy Guest',
      tags: 'legacy',
      icon: 'icon-other',
      os: 'legacy',
      parts: [{ devices: { preferredDiskBus: 'sata', preferredInterfaceModel: 'e1000' } }],
    }),
    ...windowsGuests.flatMap((guest) => windows(guest)),
  ];
}

function linux(
  [name, title, tags, requires, ...parts]: Linux,
  architecture?: 'amd64' | 'arm64' | 's390x',
): Draft<Preference> {
  const [family = name, variant = ''] = name.split('.');
  const icon = ['opensuse'].includes(family) ? `${family}-${variant}` : family;
  const suffix = architecture === undefined || architecture === 'amd64' ? '' : `.${architecture}`;
  return makePreference(`${name}${suffix}`, {
    displayName: architecture ? `${title} (${architecture})` : title,
    tags,
    icon: `icon-${icon === 'oraclelinux' ? 'oracle' : icon}`,
    os: 'linux',
    ...(requires && { requires }),
    ...(architecture && { architecture }),
    parts: [virtioDevices, rng, ...parts, ...(architecture === 'amd64' ? [secureBoot] : [])],
  });
}

function windows([release, title, requires, nic, ...parts]: Windows): Draft<Preference>[] {
  const facts = { tags: 'windows', icon: 'icon-windows', os: 'windows', requires } as const;
  const displayName = `Microsoft ${title}`;
  const plain: Part = { devices: { preferredDiskBus: 'sata', preferredInterfaceModel: nic } };
  const virtio: Part[] = [virtioDevices, tablet, { devices: { preferredVideoType: 'virtio' } }];
  const made = [
    makePreference(`windows.${release}`, {
      ...facts,
      displayName,
      parts: [windowsBase, plain, ...parts],
    }),
  ];
  if (withoutVirtio.includes(release)) return made;
  const withVirtio = {
    ...facts,
    displayName: `${displayName} (virtio)`,
    parts: [windowsBase, ...virtio, ...parts],
  };
  return [...made, makePreference(`windows.${release}.virtio`, withVirtio)];
}
