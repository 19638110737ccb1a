import { expect, test } from 'vitest';

import {
  cdiConfigs,
  type Model,
  resourcePath,
  resourceQuotas,
  storageClasses,
  storageProfiles,
} from '~/k8s/models';
import { parseQuantity } from '~/k8s/quantity';
import { toBytes } from '~/kubevirt/create/amount';
import { draftCost } from '~/kubevirt/create/draftCost';
import { draftObjects } from '~/kubevirt/create/draftObjects';
import { classRow, overheadsOf, profileRow } from '~/kubevirt/create/storageAbilities';
import { customCompute, diskDraft, newDraft, type VmDraft } from '~/kubevirt/create/vmDraft';

import { startCluster } from '../../../cluster/test/kubevirt/clusterFixture.ts';

const GIB = 2 ** 30;

const hard = Object.fromEntries(
  [
    ...['cpu', 'memory', 'storage'].map((name) => `requests.${name}`),
    ...['limits.cpu', 'limits.memory', 'pods', 'persistentvolumeclaims', 'services', 'secrets'],
    ...['services.nodeports', 'count/virtualmachines.kubevirt.io'],
    'hostpath-virtualization.storageclass.storage.k8s.io/requests.storage',
    'hostpath-virtualization.storageclass.storage.k8s.io/persistentvolumeclaims',
  ].map((name) => [name, name.includes('storage') || name.includes('memory') ? '500Gi' : '500']),
);

const long = `#cloud-config\n# ${'x'.repeat(3000)}\n`;
const drafts: readonly (readonly [string, Partial<VmDraft>])[] = [
  ['one of its own size', { compute: { ...customCompute, cores: 3, threads: 2 } }],
  [
    'two with a second disk, a service and long user data',
    {
      count: 2,
      disks: [diskDraft('rootdisk', { kind: 'blank' }), diskDraft('more', { kind: 'blank' }, GIB)],
      services: [{ port: 22, type: 'NodePort' }],
      userData: long,
    },
  ],
  [
    'one whose disk is in an image',
    { disks: [diskDraft('rootdisk', { kind: 'containerDisk', image: 'quay.io/org/disk:1' })] },
  ],
];

test.each(drafts)('a quota counts what the wizard foretells: %s', async (_what, part) => {
  const { send } = await startCluster();
  const quota = { name: 'all', namespace: 'default' };
  // What is in the project already.
  const used = async () => {
    const { body } = await send('GET', resourcePath(resourceQuotas, quota));
    const status = body['status'] as { used?: Record<string, string> } | undefined;
    return new Map(
      Object.entries(status?.used ?? {}).map(([name, text]) => [name, parseQuantity(text) ?? 0]),
    );
  };
  const items = async (model: Model) => {
    const { body } = await send('GET', resourcePath(model));
    return body['items'] as never[];
  };
  await send('POST', resourcePath(resourceQuotas, { namespace: 'default' }), {
    body: { apiVersion: 'v1', kind: 'ResourceQuota', metadata: quota, spec: { hard } },
  });
  await expect.poll(async () => (await used()).size).toBe(Object.keys(hard).length);
  const before = await used();
  const draft: VmDraft = { ...newDraft('web', 'default'), ...part };
  const storage = {
    classes: (await items(storageClasses)).map(classRow),
    profiles: (await items(storageProfiles)).map(profileRow),
    snapshotDrivers: [],
    room: new Map<string, number>(),
    overheads: new Map((await items(cdiConfigs)).flatMap((config) => overheadsOf(config))),
  };
  const { compute } = draft;
  if (compute.kind !== 'custom') throw new Error('not of this test');
  const cost = draftCost(draft, {
    size: {
      cpus: compute.sockets * compute.cores * compute.threads,
      memoryBytes: toBytes(compute.memory),
      ...{ isDedicated: false, hugepages: '' },
    },
    ...{ storage, cpuAllocationRatio: 10, memoryLimitRatio: 2, logsConsoles: true },
  });
  for (const { model, object } of draftObjects(draft)) {
    const { code, text } = await send('POST', resourcePath(model, { namespace: 'default' }), {
      body: object,
    });
    expect(code, text).toBe(201);
  }
  await expect.poll(async () => (await used()).get('pods'), { timeout: 30_000 }).toBe(draft.count);
  await expect
    .poll(
      async () => {
        const now = await used();
        return Object.keys(hard).map((name) => [
          name,
          (now.get(name) ?? 0) - (before.get(name) ?? 0),
        ]);
      },
      { timeout: 30_000 },
    )
    .toEqual(
      Object.keys(hard).map((name) => [
        name,
        // A launcher's memory is rounded to whole bytes, its share of a CPU to thousandths.
        expect.closeTo(cost.get(name) ?? 0, name.includes('memory') ? -1 : 3) as number,
      ]),
    );
});
