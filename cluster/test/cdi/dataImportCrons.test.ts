import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import {
  cdiConfigs,
  type DataImportCron,
  dataImportCrons,
  dataSources,
  dataVolumes,
  storageProfiles,
} from '../../src/cdi/resources.ts';
import type { Draft, ResourceRef } from '../../src/client/KubeClient.ts';
import { persistentVolumeClaims } from '../../src/client/resources.ts';
import { volumeSnapshots } from '../../src/hostpath-provisioner/snapshotResources.ts';
import { hyperConvergeds } from '../../src/hyperconverged/resources.ts';
import { bobToken, startCluster } from '../kubevirt/clusterFixture.ts';
import { testImage } from '../kubevirt/testImage.ts';
import { eventsOf, until, untilGone } from '../kubevirt/watching.ts';
import { serve } from './imageServer.ts';
import { mebibyte } from './testDisks.ts';

const key = (name: string) => ({ namespace: 'default', name });
const condition = ({ status }: DataImportCron, type: string) =>
  status?.conditions?.find((one) => one.type === type);
const isUpToDate = (cron: DataImportCron) => condition(cron, 'UpToDate')?.status === 'True';
const hour = 3_600_000;

/** A registry whose one image changes when a test says so; `release` gives the new digest. */
async function registry() {
  let manifest = Buffer.from('');
  const layer = Buffer.alloc(mebibyte);
  const release = (version: number) => {
    const digest = `sha256:${createHash('sha256').update(layer).digest('hex')}`;
    manifest = Buffer.from(JSON.stringify({ version, layers: [{ digest }] }));
    return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
  };
  const asked: string[] = [];
  const url = await serve(({ url: path = '', method = '' }, response) => {
    asked.push(`${method} ${path}`);
    response.writeHead(path.includes('/manifests/') ? 200 : 404).end(manifest);
  });
  return { url: `docker://${url.replace('http://', '')}/os/tiny:latest`, release, asked };
}

function cron(name: string, spec: Partial<DataImportCron['spec']>): Draft<DataImportCron> {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataImportCron',
    metadata: {
      ...key(name),
      labels: {
        'instancetype.kubevirt.io/default-instancetype': 'u1.nano',
        'instancetype.kubevirt.io/default-preference': 'linux',
        team: 'payroll',
      },
    },
    spec: {
      schedule: '0 * * * *',
      managedDataSource: 'tiny',
      template: {
        spec: {
          source: { pvc: { namespace: 'default', name: 'golden' } },
          storage: { resources: { requests: { storage: '64Mi' } } },
        },
      },
      ...spec,
    },
  };
}

const golden = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: key('golden'),
  spec: {
    accessModes: ['ReadWriteOnce' as const],
    resources: { requests: { storage: '64Mi' } },
  },
};

test('the boot images are kept by DataImportCrons, and readable by all', async () => {
  const image = testImage(() => Promise.resolve('/nowhere'));
  const { client, send } = await startCluster({ guestImages: [image] });
  const at = (name: string) => ({ namespace: 'kubevirt-os-images', name });
  const done = await until(client, dataImportCrons, at('micro-image-cron'), isUpToDate);
  expect(done.status).toMatchObject({
    currentImports: [{ DataVolumeName: 'micro-777777777777', Digest: image.digest }],
    lastImportedPVC: { namespace: 'kubevirt-os-images', name: 'micro-777777777777' },
    sourceFormat: 'pvc',
  });
  const source = await until(client, dataSources, at('micro'), ({ status }) =>
    Boolean(status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True')),
  );
  expect(source.spec.source.pvc?.name).toBe('micro-777777777777');
  const list = '/apis/cdi.kubevirt.io/v1beta1/namespaces/kubevirt-os-images/dataimportcrons';
  const reply = await send('GET', list, { token: bobToken });
  expect(reply).toMatchObject({ code: 200, body: { items: [{ kind: 'DataImportCron' }] } });

  const hco = { namespace: 'kubevirt-hyperconverged', name: 'kubevirt-hyperconverged' };
  await until(client, hyperConvergeds, hco, ({ status }) => {
    const [shown] = (status?.['dataImportCronTemplates'] ?? []) as { status: object }[];
    return JSON.stringify(shown?.status ?? {}).includes('"reason":"UpToDate"');
  });
  const off = { spec: { workloadSources: { enableCommonBootImageImport: false } } };
  await client.patch(hyperConvergeds, hco, { type: 'merge', body: off });
  await untilGone(client, dataImportCrons, at('micro-image-cron'));
  // What it imported stays.
  expect((await client.get(dataSources, at('micro'))).spec).toEqual(source.spec);
});

test('a new image is imported when the schedule says so; old ones go', async () => {
  const { client, clock } = await startCluster();
  await client.create(persistentVolumeClaims, golden);
  await client.create(dataImportCrons, cron('tiny-cron', { importsToKeep: 2 }));
  const first = await until(client, dataImportCrons, key('tiny-cron'), isUpToDate);
  const names = [first.status?.lastImportedPVC?.name ?? ''];
  const labels = {
    'instancetype.kubevirt.io/default-instancetype': 'u1.nano',
    'instancetype.kubevirt.io/default-preference': 'linux',
    'cdi.kubevirt.io/dataImportCron': 'tiny-cron',
  };
  const made: [ResourceRef, string][] = [
    [dataSources, 'tiny'],
    [dataVolumes, names[0] ?? ''],
    [persistentVolumeClaims, names[0] ?? ''],
  ];
  for (const [resource, name] of made) {
    const { metadata } = await client.get(resource, key(name));
    expect(metadata.labels).toMatchObject(labels);
    expect(metadata.labels).not.toHaveProperty('team');
  }
  for (let round = 0; round < 2; round++) {
    await client.delete(persistentVolumeClaims, key('golden'));
    await untilGone(client, persistentVolumeClaims, key('golden'));
    await client.create(persistentVolumeClaims, golden);
    clock.skip(hour);
    const next = await until(client, dataImportCrons, key('tiny-cron'), (found) => {
      return isUpToDate(found) && found.status?.lastImportedPVC?.name !== names.at(-1);
    });
    names.push(next.status?.lastImportedPVC?.name ?? '');
  }
  await untilGone(client, persistentVolumeClaims, key(names[0] ?? ''));
  await client.get(persistentVolumeClaims, key(names[1] ?? ''));
  await until(client, dataSources, key('tiny'), ({ spec }) => spec.source.pvc?.name === names[2]);

  // Without a retention policy, what was imported outlives its cron.
  await client.delete(dataImportCrons, key('tiny-cron'));
  await untilGone(client, dataImportCrons, key('tiny-cron'));
  await client.get(persistentVolumeClaims, key(names[2] ?? ''));
});

test('a registry is asked for the digest; one that fails is told of, and asked again', async () => {
  const { url, release, asked } = await registry();
  const { client, clock } = await startCluster();
  await client.patch(
    cdiConfigs,
    { name: 'config' },
    {
      type: 'merge',
      body: { spec: { insecureRegistries: [new URL(url.replace('docker:', 'http:')).host] } },
    },
  );
  const digest = release(1);
  const storage = { resources: { requests: { storage: '64Mi' } } };
  const spec = {
    retentionPolicy: 'None',
    template: { spec: { source: { registry: { url, pullMethod: 'node' } }, storage } },
  } as const;
  const made = await client.create(dataImportCrons, cron('tiny-cron', spec as never));
  const name = `tiny-${digest.slice(7, 19)}`;
  const { spec: wanted } = await until(client, dataVolumes, key(name), () => true);
  expect(wanted.source?.registry?.url).toBe(url.replace(':latest', `@${digest}`));
  expect(asked[0]).toBe('HEAD /v2/os/tiny/manifests/latest');
  // The layer is not there: the import fails, and is given up when there is a newer image.
  await until(client, dataVolumes, key(name), ({ status }) => status?.restartCount === 1);
  const second = release(2);
  clock.skip(hour);
  const newer = await until(client, dataImportCrons, key('tiny-cron'), ({ status }) => {
    return status?.currentImports?.[0]?.Digest === second;
  });
  expect(condition(newer, 'UpToDate')?.reason).toBe('Outdated');
  await untilGone(client, dataVolumes, key(name));
  expect(await eventsOf(client, made)).toEqual([]);
  await client.delete(dataImportCrons, key('tiny-cron'));
  await untilGone(client, dataVolumes, key(`tiny-${second.slice(7, 19)}`));
  await untilGone(client, dataSources, key('tiny'));

  const gone = { source: { registry: { url: 'docker://127.0.0.1:1/os/none' } }, storage };
  const broken = await client.create(
    dataImportCrons,
    cron('none', { managedDataSource: 'none', template: { spec: gone } }),
  );
  await until(client, dataImportCrons, key('none'), (found) => {
    return condition(found, 'UpToDate')?.reason === 'NoDigest';
  });
  const told = await eventsOf(client, broken);
  expect(told.map(({ reason }) => reason)).toContain('ErrSourceDigest');
});

test('with storage that asks for it, a snapshot is kept instead of the claim', async () => {
  const { client } = await startCluster();
  await until(client, storageProfiles, { name: 'hostpath-virtualization' }, () => true);
  await client.patch(
    storageProfiles,
    { name: 'hostpath-virtualization' },
    { type: 'merge', body: { spec: { dataImportCronSourceFormat: 'snapshot' } } },
  );
  await until(client, storageProfiles, { name: 'hostpath-virtualization' }, ({ status }) => {
    return status?.dataImportCronSourceFormat === 'snapshot';
  });
  await client.create(persistentVolumeClaims, golden);
  await client.create(dataImportCrons, cron('tiny-cron', {}));
  const done = await until(client, dataImportCrons, key('tiny-cron'), isUpToDate);
  const name = done.status?.lastImportedPVC?.name ?? '';
  expect(done.status?.sourceFormat).toBe('snapshot');
  await untilGone(client, persistentVolumeClaims, key(name));
  expect((await client.get(volumeSnapshots, key(name))).status?.readyToUse).toBe(true);
  const { spec } = await until(client, dataSources, key('tiny'), ({ status }) =>
    Boolean(status?.conditions?.some(({ status: is }) => is === 'True')),
  );
  expect(spec.source).toEqual({ snapshot: { namespace: 'default', name } });
});

test('what CDI refuses is refused, and a DataSource has one cron', async () => {
  const { client } = await startCluster();
  const denied = 'admission webhook "dataimportcron-validate.cdi.kubevirt.io" denied the request: ';
  const storage = { resources: { requests: { storage: '64Mi' } } };
  const http = { source: { http: { url: 'http://example.org/disk' } }, storage };
  for (const [spec, message] of [
    [{ template: { spec: http } }, 'Missing source'],
    [{ schedule: 'every day' }, 'Illegal cron schedule'],
    [{ importsToKeep: -1 }, 'Illegal ImportsToKeep value'],
    [{ garbageCollect: 'Sometimes' }, 'Illegal GarbageCollect value'],
    [{ managedDataSource: '' }, 'Illegal ManagedDataSource value'],
  ] as const) {
    const create = client.create(dataImportCrons, cron('bad', spec));
    await expect(create).rejects.toThrow(denied + message);
  }
  await client.create(dataImportCrons, cron('one', { schedule: '' }));
  const change = client.patch(dataImportCrons, key('one'), {
    type: 'merge',
    body: { spec: { schedule: '@daily' } },
  });
  await expect(change).rejects.toThrow(`${denied}Cannot update DataImportCron Spec`);
  await until(client, dataSources, key('tiny'), () => true);
  const other = await client.create(dataImportCrons, cron('other', {}));
  await expect
    .poll(async () => (await eventsOf(client, other)).map(({ message }) => message))
    .toEqual(['DataSource tiny is already managed by DataImportCron one']);
});
