import { expect, test } from 'vitest';

import { startCluster } from './clusterFixture.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { plainVm } from './manifests.ts';
import { broken, type Change, nic } from './mistakes/broken.ts';
import { deviceMistakes } from './mistakes/deviceMistakes.ts';
import { networkMistakes } from './mistakes/networkMistakes.ts';
import { vmMistakes } from './mistakes/vmMistakes.ts';
import { volumeMistakes } from './mistakes/volumeMistakes.ts';
import { untilVmi } from './watching.ts';

const url = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines';
const webhook = 'admission webhook "virtualmachine-validator.kubevirt.io" denied the request: ';
const mistakes = [...vmMistakes, ...volumeMistakes, ...networkMistakes, ...deviceMistakes];

test('each mistake of the catalogue is refused with its reason, field and message', async () => {
  const { send } = await startCluster();
  for (const [number, mistake, change, reason, field, message] of mistakes) {
    const { code, body } = await send('POST', url, { body: broken(change) });
    const cause = {
      reason,
      field,
      message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
    };
    const shown = `${number} ${mistake}: ${JSON.stringify(body['message'])}`;
    expect([code, body['reason']], shown).toEqual([422, 'Invalid']);
    const { causes } = body['details'] as { causes: object[] };
    expect(causes, shown).toContainEqual(cause);
    expect(body['message'], shown).toContain(webhook);
  }
  expect((await send('GET', url)).body['items']).toEqual([]);
});

test('each row of the catalogue of VMs has its mistake here or in a test of its own', () => {
  const elsewhere = new Map([
    [1, 'what the schema refuses comes before the webhooks'],
    [62, 'configuration.test.ts'],
    ...[86, 87, 88].map((row) => [row, 'instancetypes.test.ts'] as const),
    ...[89, 90, 91, 92, 93, 94].map((row) => [row, 'changeMistakes.test.ts'] as const),
    ...[95, 96, 97, 99].map((row) => [row, 'instances, below'] as const),
  ]);
  const told = new Set<number>(mistakes.map(([row]) => row));
  const missing = Array.from({ length: 99 }, (_, index) => index + 1).filter(
    (row) => !told.has(row) && !elsewhere.has(row),
  );
  expect(missing).toEqual([]);
});

test('without a mistake the same VM is taken', async () => {
  const { send } = await startCluster();
  expect((await send('POST', url, { body: broken(() => undefined) })).code).toBe(201);
});

test('many mistakes are told together, ten at most', async () => {
  const { send } = await startCluster();
  const body = broken((spec) => {
    spec.hostname = 'Web_1';
    spec.volumes?.push(...Array.from({ length: 12 }, (_, index) => ({ name: `v${index}` })));
  });
  const reply = await send('POST', url, { body });
  const { causes } = reply.body['details'] as { causes: { message: string }[] };
  expect(causes).toHaveLength(10);
  const told = causes.map(({ message }) => message).join(', ');
  expect(reply.body['message']).toBe(`${webhook}${told}, and 3 more validation errors`);
  // As KubeVirt's webhooks: the details name neither kind nor object.
  expect(Object.keys(reply.body['details'] as object)).toEqual(['causes']);
});

test('a mistake in an update is refused, and the VM stays as it was', async () => {
  const { send } = await startCluster();
  await send('POST', url, { body: plainVm('web', { runStrategy: 'Halted' }) });
  const patch = { spec: { runStrategy: 'Often' } };
  expect(
    await send('PATCH', `${url}/web`, { body: patch, contentType: 'application/merge-patch+json' }),
  ).toMatchObject({
    code: 422,
    body: { message: `${webhook}Invalid RunStrategy (Often)` },
  });
  expect((await send('GET', `${url}/web`)).body).toMatchObject({
    spec: { runStrategy: 'Halted' },
  });
});

test('what the schema refuses comes before the webhooks, in the shape of the API server', async () => {
  const { send } = await startCluster();
  const body = { ...plainVm('web'), spec: { runStrategy: 'Often' } };
  expect(await send('POST', url, { body })).toMatchObject({
    code: 422,
    body: {
      reason: 'Invalid',
      message: 'VirtualMachine.kubevirt.io "web" is invalid: spec.template: Required value',
      details: {
        name: 'web',
        group: 'kubevirt.io',
        kind: 'VirtualMachine',
        causes: [
          { reason: 'FieldValueRequired', field: 'spec.template', message: 'Required value' },
        ],
      },
    },
  });
});

test('what this cluster cannot do is refused, so that no guest runs without it', async () => {
  const { send } = await startCluster();
  const wishes: [string, Change][] = [
    [
      'networks[0].multus.default',
      (s) => {
        const multus = { networkName: 'n', default: true };
        s.networks = [{ name: 'default', multus }];
        nic(s).bridge = {};
        delete nic(s).masquerade;
      },
    ],
    [
      'domain.devices.interfaces[0].sriov',
      (s) => {
        nic(s).sriov = {};
        delete nic(s).masquerade;
      },
    ],
    [
      'domain.devices.interfaces[0].binding',
      (s) => {
        nic(s).binding = { name: 'passt' };
        delete nic(s).masquerade;
      },
    ],
    [
      'volumes[1].containerPath',
      (s) => {
        s.volumes?.push({ name: 'c', containerPath: { path: '/x' } });
        s.domain.devices.disks?.push({ name: 'c', disk: {} });
      },
    ],
    ['domain.launchSecurity', (s) => (s.domain.launchSecurity = { snp: {} })],
  ];
  for (const [what, change] of wishes) {
    expect(await send('POST', url, { body: broken(change) }), what).toMatchObject({
      code: 501,
      body: { reason: 'NotImplemented', message: expect.stringContaining(what) as string },
    });
  }
});

test('of an instance users change neither its spec nor the labels that are reserved', async () => {
  const { client, send } = await startCluster();
  await client.create(virtualMachines, plainVm('web'));
  await untilVmi(client, 'web', 'Running');
  const vmi = `${url.replace('machines', 'machineinstances')}/web`;
  const patch = (body: object) =>
    send('PATCH', vmi, { body, contentType: 'application/merge-patch+json' });
  const refused = (message: string) => ({
    code: 422,
    body: {
      message: `admission webhook "virtualmachineinstances-update-validator.kubevirt.io" denied the request: ${message}`,
      details: { causes: [{ reason: 'FieldValueNotSupported', field: '', message }] },
    },
  });
  expect(await patch({ spec: { hostname: 'other' } })).toMatchObject(
    refused('update of VMI object is restricted'),
  );
  expect(await patch({ metadata: { labels: { 'kubevirt.io/nodeName': 'x' } } })).toMatchObject(
    refused(
      'modification of the following reserved kubevirt.io/ labels on a VMI object is prohibited',
    ),
  );
  expect((await patch({ metadata: { labels: { mine: 'x' } } })).code).toBe(200);
});

test('a volume without a disk gets one, so that row 99 is never met', async () => {
  const { send } = await startCluster();
  const body = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      domain: { devices: {}, memory: { guest: '64Mi' } },
      volumes: [{ name: 'lost', emptyDisk: { capacity: '1Gi' } }],
    },
  };
  expect(await send('POST', url.replace('machines', 'machineinstances'), { body })).toMatchObject({
    code: 201,
    body: { spec: { domain: { devices: { disks: [{ name: 'lost', disk: {} }] } } } },
  });
});

test('an instance without memory is refused, a VM without memory is not', async () => {
  const { send } = await startCluster();
  const body = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { name: 'web', namespace: 'default' },
    spec: { domain: { devices: {} } },
  };
  expect(await send('POST', url.replace('machines', 'machineinstances'), { body })).toMatchObject({
    code: 422,
    body: {
      message: expect.stringMatching(
        /^admission webhook "virtualmachineinstances-create-validator.kubevirt.io" denied the request: no memory requested, at least one of /,
      ) as string,
      details: { causes: [{ reason: 'FieldValueRequired', field: '' }] },
    },
  });
  const vm = broken((spec) => delete spec.domain.memory);
  expect((await send('POST', url, { body: vm })).code).toBe(201);
});
