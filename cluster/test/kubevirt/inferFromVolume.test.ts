import { expect, test } from 'vitest';

import type { VirtualMachine } from '../../src/kubevirt/resources.ts';
import { startCluster } from './clusterFixture.ts';
import { blankDisk, diskVm, sizedVm } from './manifests.ts';

const vmUrl = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines';

test('the volume tells the instance type and the preference', async () => {
  const { send } = await startCluster();
  const labelled = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: 'golden',
      labels: {
        'instancetype.kubevirt.io/default-instancetype': 'u1.nano',
        'instancetype.kubevirt.io/default-preference': 'linux',
      },
    },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '64Mi' } } },
  };
  const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
  expect(await send('POST', claims, { body: labelled })).toMatchObject({ code: 201 });
  const infer = { inferFromVolume: 'root' };
  const source = { pvc: { name: 'golden', namespace: 'default' } };
  const template: ReturnType<typeof blankDisk> = {
    ...blankDisk('web-root'),
    spec: { source, storage: {} },
  };
  const vm = (inferring: Partial<VirtualMachine['spec']>, disk = template) =>
    diskVm('web', { template: disk, change: ({ spec }) => Object.assign(spec, inferring) });
  const without = vm({ instancetype: infer, preference: infer });
  delete without.spec.template.spec?.domain.memory;
  const dryRun = `${vmUrl}?dryRun=All`;
  expect(await send('POST', dryRun, { body: without })).toMatchObject({
    code: 201,
    body: { spec: { instancetype: { name: 'u1.nano' }, preference: { name: 'linux' } } },
  });
  const silent = vm({ instancetype: infer }, blankDisk('web-root'));
  const prefix = 'admission webhook "virtualmachines-mutator.kubevirt.io" denied the request: ';
  const refused = await send('POST', dryRun, { body: silent });
  expect(refused).toMatchObject({
    code: 400,
    body: {
      message: `${prefix}unable to infer defaults from DataVolumeSpec as DataVolumeSource is not supported`,
    },
  });
  expect(refused.body).not.toHaveProperty('details');
  const ignoring = { ...infer, inferFromVolumeFailurePolicy: 'Ignore' };
  const does = await send('POST', dryRun, {
    body: vm({ instancetype: ignoring }, blankDisk('web-root')),
  });
  expect(does).toMatchObject({ code: 201 });
  expect(does.body['spec']).not.toHaveProperty('instancetype');
  const unknown = await send('POST', dryRun, {
    body: vm({ preference: { inferFromVolume: 'x' } }),
  });
  expect(unknown).toMatchObject({
    code: 400,
    body: { message: `${prefix}unable to find volume x to infer defaults` },
  });
});

test.each([
  [{ name: 'a', inferFromVolume: 'root' }, 'FieldValueNotSupported', 'spec.instancetype.name'],
  [{}, 'FieldValueNotFound', 'spec.instancetype'],
  [
    { name: 'a', inferFromVolumeFailurePolicy: 'Maybe' },
    'FieldValueInvalid',
    'spec.instancetype.inferFromVolumeFailurePolicy',
  ],
])('a matcher %j is refused', async (instancetype, reason, field) => {
  const { send } = await startCluster();
  const reply = await send('POST', vmUrl, { body: sizedVm('web', { instancetype }) });
  expect(reply).toMatchObject({ code: 422, body: { details: { causes: [{ reason, field }] } } });
});
