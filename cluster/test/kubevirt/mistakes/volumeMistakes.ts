import {
  D,
  P,
  cloudInit,
  disk,
  invalid,
  nic,
  notSupported,
  required,
  type Mistake,
} from './broken.ts';

const blocks = (logical: number, physical: number) => ({ custom: { logical, physical } });

/** Rows of disks and volumes (SADM/disks.go and ADM/vmi-create-admitter.go, d923fdb). */
export const volumeMistakes: Mistake[] = [
  [
    31,
    'disk without volume',
    (s) => s.domain.devices.disks?.push({ name: 'x', disk: {} }),
    invalid,
    `${D}.devices.disks[1].name`,
    `${D}.devices.disks[1].Name 'x' not found.`,
  ],
  [
    32,
    'lun on cloud-init',
    (s) => {
      s.volumes = [{ name: 'root', cloudInitNoCloud: { userData: '#' } }];
      s.domain.devices.disks = [{ name: 'root', lun: {} }];
    },
    invalid,
    `${D}.devices.disks[0].lun`,
    `${D}.devices.disks[0].lun can only be mapped to a DataVolume or PersistentVolumeClaim volume.`,
  ],
  [
    33,
    'boot order twice',
    (s) => {
      disk(s).bootOrder = 1;
      nic(s).bootOrder = 1;
    },
    invalid,
    `${D}.devices.interfaces[0].bootOrder`,
    `Boot order for ${D}.devices.interfaces[0].bootOrder already set for a different device.`,
  ],
  [
    34,
    'boot order 0',
    (s) => (disk(s).bootOrder = 0),
    invalid,
    `${D}.devices.disks[0].bootOrder`,
    `${D}.devices.disks[0].bootOrder must have a boot order > 0, if supplied`,
  ],
  [
    35,
    'disk name twice',
    (s) => s.domain.devices.disks?.push({ name: 'root', disk: {} }),
    invalid,
    `${D}.devices.disks[1].name`,
    `${D}.devices.disks[0] and ${D}.devices.disks[1] must not have the same Name.`,
  ],
  [
    36,
    'disk and cdrom',
    (s) => (disk(s).cdrom = {}),
    invalid,
    `${D}.devices.disks[0]`,
    `${D}.devices.disks[0] can only have a single target type defined`,
  ],
  [
    37,
    'ide',
    (s) => (disk(s).disk = { bus: 'ide' }),
    notSupported,
    `${D}.devices.disks[0].disk.bus`,
    'IDE bus is not supported',
  ],
  [
    38,
    'virtio CD-ROM',
    (s) => (s.domain.devices.disks = [{ name: 'root', cdrom: { bus: 'virtio' } }]),
    invalid,
    `${D}.devices.disks[0].cdrom.bus`,
    'Bus type virtio is invalid for CD-ROM device',
  ],
  [
    39,
    'unknown bus',
    (s) => (disk(s).disk = { bus: 'x' }),
    invalid,
    `${D}.devices.disks[0].disk.bus`,
    `${D}.devices.disks[0] is set with an unrecognized bus x, must be one of: [virtio scsi sata usb]`,
  ],
  [
    40,
    'read-only sata',
    (s) => (disk(s).disk = { bus: 'sata', readonly: true }),
    invalid,
    `${D}.devices.disks[0].disk.bus`,
    'sata hard-disks do not support read-only.',
  ],
  [
    42,
    'serial characters',
    (s) => (disk(s).serial = 'a b'),
    invalid,
    `${D}.devices.disks[0].serial`,
    `${D}.devices.disks[0].serial must be made up of the following characters [A-Za-z0-9_.+-], if specified`,
  ],
  [
    42,
    'serial length',
    (s) => (disk(s).serial = 'a'.repeat(257)),
    invalid,
    `${D}.devices.disks[0].serial`,
    `${D}.devices.disks[0].serial must be less than or equal to 256 in length, if specified`,
  ],
  [
    43,
    'cache',
    (s) => (disk(s).cache = 'some'),
    invalid,
    `${D}.devices.disks[0].cache`,
    `${D}.devices.disks[0].cache has invalid value some`,
  ],
  [
    43,
    'io',
    (s) => (disk(s).io = 'fast'),
    notSupported,
    `${D}.devices.disks[0].io`,
    `Disk IO mode for ${D}.devices.disks[0] is not supported. Supported modes are: native, threads.`,
  ],
  [
    43,
    'errorPolicy',
    (s) => (disk(s).errorPolicy = 'some'),
    invalid,
    `${D}.devices.disks[0].errorPolicy`,
    `${D}.devices.disks[0].errorPolicy has invalid value some`,
  ],
  [
    44,
    'disk name',
    (s) => {
      disk(s).name = 'Root';
      s.volumes = [{ name: 'Root', dataVolume: { name: 'web-root' } }];
    },
    invalid,
    `${D}.devices.disks[0].name`,
    /^a lowercase RFC 1123 label must consist of/,
  ],
  [
    45,
    'small blocks',
    (s) => (disk(s).blockSize = blocks(256, 512)),
    invalid,
    `${D}.devices.disks[0].blockSize.custom.logical`,
    'Provided size of 256 is less than the supported minimum size of 512',
  ],
  [
    45,
    'large blocks',
    (s) => (disk(s).blockSize = blocks(512, 4194304)),
    invalid,
    `${D}.devices.disks[0].blockSize.custom.physical`,
    'Provided size of 4194304 is greater than the supported maximum size of 2097152',
  ],
  [
    45,
    'uneven blocks',
    (s) => (disk(s).blockSize = blocks(512, 1000)),
    invalid,
    `${D}.devices.disks[0].blockSize.custom.physical`,
    'Provided size of 1000 is not a power of 2',
  ],
  [
    45,
    'logical blocks larger than physical ones',
    (s) => (disk(s).blockSize = blocks(4096, 512)),
    invalid,
    `${D}.devices.disks[0].blockSize.custom.logical`,
    'Logical size 4096 must be the same or less than the physical size of 512',
  ],
  [
    46,
    'volume name twice',
    (s) => s.volumes?.push({ name: 'root', emptyDisk: { capacity: '1Gi' } }),
    invalid,
    `${P}.volumes[1].name`,
    `${P}.volumes[0] and ${P}.volumes[1] must not have the same Name.`,
  ],
  [
    47,
    'volume without source',
    (s) => s.volumes?.push({ name: 'x' }),
    invalid,
    `${P}.volumes[1]`,
    `${P}.volumes[1] must have exactly one source type set`,
  ],
  [
    48,
    'data volume name',
    (s) => s.volumes?.push({ name: 'x', dataVolume: { name: '' } }),
    required,
    `${P}.volumes[1].name`,
    "DataVolume 'name' must be set",
  ],
  [
    49,
    'large user data',
    (s) => cloudInit(s, { userData: 'x'.repeat(2049) }),
    invalid,
    `${P}.volumes[1].cloudInitNoCloud`,
    `${P}.volumes[1].cloudInitNoCloud userdata exceeds 2048 byte limit. Should use UserDataSecretRef for larger data.`,
  ],
  [
    49,
    'large network data',
    (s) => cloudInit(s, { userData: '#', networkData: 'x'.repeat(2049) }),
    invalid,
    `${P}.volumes[1].cloudInitNoCloud`,
    `${P}.volumes[1].cloudInitNoCloud networkdata exceeds 2048 byte limit. Should use NetworkDataSecretRef for larger data.`,
  ],
  [
    50,
    'two user data',
    (s) => cloudInit(s, { userData: '#', userDataBase64: 'Iw==' }),
    invalid,
    `${P}.volumes[1].cloudInitNoCloud`,
    `${P}.volumes[1].cloudInitNoCloud must have only one userdatasource set.`,
  ],
  [
    51,
    'no user data',
    (s) => cloudInit(s, {}),
    invalid,
    `${P}.volumes[1].cloudInitNoCloud`,
    `${P}.volumes[1].cloudInitNoCloud must have at least one userdatasource or one networkdatasource set.`,
  ],
  [
    52,
    'bad base64',
    (s) => cloudInit(s, { userDataBase64: '§' }),
    invalid,
    `${P}.volumes[1].cloudInitNoCloud.userDataBase64`,
    `${P}.volumes[1].cloudInitNoCloud.userDataBase64 is not a valid base64 value.`,
  ],
  [
    54,
    'ConfigMap without a name',
    (s) => {
      s.volumes?.push({ name: 'c', configMap: {} });
      s.domain.devices.disks?.push({ name: 'c', disk: {} });
    },
    invalid,
    `${P}.volumes[1].configMap.name`,
    `${P}.volumes[1].configMap.name is a required field`,
  ],
  [
    54,
    'Secret without a name',
    (s) => {
      s.volumes?.push({ name: 'c', secret: {} });
      s.domain.devices.disks?.push({ name: 'c', disk: {} });
    },
    invalid,
    `${P}.volumes[1].secret.secretName`,
    `${P}.volumes[1].secret.secretName is a required field`,
  ],
  [
    55,
    'two service accounts',
    (s) => {
      for (const name of ['a', 'b']) {
        s.volumes?.push({ name, serviceAccount: { serviceAccountName: name } });
        s.domain.devices.disks?.push({ name, disk: {} });
      }
    },
    invalid,
    `${P}.volumes`,
    `${P}.volumes must have max one serviceAccount volume set`,
  ],
  [
    55,
    'two memory dumps',
    (s) => {
      for (const name of ['a', 'b']) s.volumes?.push({ name, memoryDump: { claimName: name } });
    },
    invalid,
    `${P}.volumes`,
    `${P}.volumes must have max one memory dump volume set`,
  ],
];
