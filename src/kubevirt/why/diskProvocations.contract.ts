import {
  blank,
  containerDisk,
  disk,
  imported,
  type Provocation,
  type Servers,
} from './provocation.contract';

const size = (storage: string) => ({ storage: { resources: { requests: { storage } } } });

/** What only real disks and images can be refused for. */
export const diskProvocations = ({
  web,
  registry,
}: Servers): Readonly<Record<string, Provocation>> => ({
  importTooLarge: {
    ...disk({ source: { http: { url: `${web}/large` } }, ...size('1Mi') }),
    sentence: 'Disk root is too small for its image.',
  },
  importChecksum: {
    ...disk({
      source: { http: { url: `${web}/chained`, checksum: `md5:${'0'.repeat(32)}` } },
      ...size('1Mi'),
    }),
    sentence: 'The content of disk root does not match its checksum.',
  },
  importFormat: {
    ...imported(`${web}/chained`),
    sentence: 'The content of disk root is no disk image.',
  },
  imageDenied: {
    ...containerDisk(`${registry}/os/secret:1`),
    sentence: 'The registry refuses access to its container image.',
  },
  provisioningFailed: {
    ...disk({ ...blank, ...size('8000Ti') }),
    sentence: 'The storage could not make the volume root.',
  },
});
