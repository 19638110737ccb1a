import { expect, test } from 'vitest';

import { bootSourceObjects, type NewBootSource } from '~/kubevirt/bootSourceObjects';

const values = {
  ...{ name: 'golden', namespace: 'images', bytes: 2 ** 30, preference: '' },
  instancetype: 'VirtualMachineClusterInstancetype/u1.small',
};
const made = (source: NewBootSource['source']) =>
  bootSourceObjects({ ...values, source }).map(({ object }) => object);
const labels = {
  'instancetype.kubevirt.io/default-instancetype': 'u1.small',
  'instancetype.kubevirt.io/default-instancetype-kind': 'VirtualMachineClusterInstancetype',
};
const offer = { kind: 'DataSource', metadata: { name: 'golden', namespace: 'images', labels } };
const volume = { pvc: { name: 'golden', namespace: 'images' } };

test('a boot source is a volume that is filled, and a DataSource that offers it', () => {
  const storage = { resources: { requests: { storage: '1Gi' } } };
  expect(made({ kind: 'url', url: 'https://a/b' })).toMatchObject([
    { kind: 'DataVolume', spec: { source: { http: { url: 'https://a/b' } }, storage } },
    { ...offer, spec: { source: volume } },
  ]);
  expect(made({ kind: 'url', url: 'docker://a/b' })[0]).toMatchObject({
    spec: { source: { registry: { url: 'docker://a/b' } } },
  });
  expect(made({ kind: 'claim', namespace: 'images', name: 'disk' })[0]).toMatchObject({
    spec: { source: { pvc: { namespace: 'images', name: 'disk' } } },
  });
});

test('an upload fills the volume later, and a snapshot is used where it is', () => {
  expect(made({ kind: 'upload' })).toMatchObject([{ ...offer, spec: { source: volume } }]);
  const snapshot = { namespace: 'images', name: 'monday' };
  expect(made({ kind: 'snapshot', ...snapshot })).toMatchObject([
    { ...offer, spec: { source: { snapshot } } },
  ]);
});

test('one that is kept up to date is made by its cron', () => {
  expect(made({ kind: 'cron', url: 'docker://a/b', schedule: '0 3 * * *' })).toMatchObject([
    {
      kind: 'DataImportCron',
      metadata: { labels },
      spec: {
        ...{ schedule: '0 3 * * *', managedDataSource: 'golden' },
        template: { spec: { source: { registry: { url: 'docker://a/b' } } } },
      },
    },
  ]);
});
