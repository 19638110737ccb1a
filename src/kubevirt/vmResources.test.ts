import { expect, test } from 'vitest';

import { vmResources } from './vmResources';

test('what runs goes before what is written', () => {
  const domain = { devices: {}, cpu: { cores: 2 }, memory: { guest: '1Gi' } };
  expect(vmResources(domain, undefined)).toMatchObject({ vcpus: 2, memoryBytes: 2 ** 30 });
  const status = {
    currentCPUTopology: { sockets: 4, cores: 1, threads: 2 },
    memory: { guestCurrent: '2Gi' },
  };
  expect(vmResources(domain, status)).toMatchObject({ vcpus: 8, memoryBytes: 2 ** 31 });
});

test('without a topology the requested CPUs count, rounded up', () => {
  const resources = { requests: { cpu: '1500m' }, limits: { memory: '512Mi' } };
  expect(vmResources({ devices: {}, resources }, undefined)).toMatchObject({
    topology: { sockets: 2, cores: 1, threads: 1 },
    memoryBytes: 2 ** 29,
  });
  expect(vmResources(undefined, undefined)).toMatchObject({ vcpus: 1, memoryBytes: undefined });
});
