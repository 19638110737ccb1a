import { expect, test } from 'vitest';

import { virtualMachines } from '../../src/kubevirt/resources.ts';
import {
  type VirtualMachineTemplate,
  virtualMachineTemplates,
} from '../../src/kubevirt/virt-template/resources.ts';
import { bobToken, startCluster, type TestCluster } from './clusterFixture.ts';
import { plainVm } from './manifests.ts';

const group = '/apis/subresources.template.kubevirt.io/v1beta1';
const path = `${group}/namespaces/default/virtualmachinetemplates`;
const templates = '/apis/template.kubevirt.io/v1beta1/namespaces/default/virtualmachinetemplates';

const options = (parameters: Record<string, unknown>) => ({
  apiVersion: 'subresources.template.kubevirt.io/v1beta1',
  kind: 'ProcessOptions',
  parameters,
});

function template(change: (spec: VirtualMachineTemplate['spec']) => void = () => undefined) {
  const { spec } = plainVm('any');
  const virtualMachine = {
    metadata: {
      name: '${NAME}',
      namespace: 'elsewhere',
      labels: { 'app-${NAME}': 'x' } as Record<string, string>,
    },
    spec: {
      ...spec,
      runStrategy: '${STRATEGY}',
      template: {
        ...spec.template,
        spec: {
          ...spec.template.spec,
          domain: { ...spec.template.spec?.domain, cpu: { cores: '${{CORES}}' } },
        },
      },
    },
  };
  const made = {
    apiVersion: 'template.kubevirt.io/v1beta1',
    kind: 'VirtualMachineTemplate',
    metadata: { name: 'small', namespace: 'default' },
    spec: {
      virtualMachine,
      parameters: [
        { name: 'NAME', generate: 'expression', from: 'vm-[a-z0-9]{5}' },
        { name: 'STRATEGY', value: 'Halted' },
        { name: 'CORES', value: '2', required: true },
      ],
      message: 'Log in to ${NAME}.',
    } as VirtualMachineTemplate['spec'],
  };
  change(made.spec);
  return made;
}

async function refusal(cluster: TestCluster, change: Parameters<typeof template>[0]) {
  const { code, body } = await cluster.send('POST', templates, { body: template(change) });
  return [code, String(body['message']).replace(/^.* denied the request: /, '')];
}

test('a template is ready, is processed without a trace, and makes a virtual machine', async () => {
  const { client, send } = await startCluster();
  await client.create(virtualMachineTemplates, template());
  await expect
    .poll(async () => {
      const { status } = await client.get(virtualMachineTemplates, {
        ...{ namespace: 'default', name: 'small' },
      });
      return status?.conditions?.map(({ type, status: value, reason }) => [type, value, reason]);
    })
    .toEqual([['Ready', 'True', 'Reconciled']]);

  const processed = await send('POST', `${path}/small/process`, {
    body: options({ CORES: '3' }),
  });
  expect(processed).toMatchObject({
    code: 200,
    body: {
      kind: 'ProcessedVirtualMachineTemplate',
      templateRef: { namespace: 'default', name: 'small' },
      message: expect.stringMatching(/^Log in to vm-[a-z0-9]{5}\.$/) as string,
      virtualMachine: {
        apiVersion: 'kubevirt.io/v1',
        kind: 'VirtualMachine',
        metadata: { name: expect.stringMatching(/^vm-[a-z0-9]{5}$/) as string },
        spec: {
          runStrategy: 'Halted',
          template: { spec: { domain: { cpu: { cores: 3 } } } },
        },
      },
    },
  });
  const { metadata } = processed.body['virtualMachine'] as { metadata: Record<string, unknown> };
  expect(metadata['namespace']).toBeUndefined();
  expect(metadata['labels']).toEqual({ [`app-${String(metadata['name'])}`]: 'x' });
  expect((await client.list(virtualMachines, {})).items).toEqual([]);

  const created = await send('POST', `${path}/small/create`, { body: options({ NAME: 'web' }) });
  expect(created).toMatchObject({
    code: 200,
    body: { virtualMachine: { metadata: { name: 'web', namespace: 'default' } } },
  });
  const vm = await client.get(virtualMachines, { namespace: 'default', name: 'web' });
  expect(vm.spec.template.spec?.domain.cpu?.cores).toBe(2);

  const again = await send('POST', `${path}/small/create`, { body: options({ NAME: 'web' }) });
  expect([again.code, again.body['message']]).toEqual([
    500,
    'Internal error occurred: error creating VirtualMachine: virtualmachines.kubevirt.io "web" already exists',
  ]);
});

test('a request that does not fit the template is refused with the words of virt-template', async () => {
  const { client, send } = await startCluster();
  await client.create(virtualMachineTemplates, template());
  const process = async (body: unknown, name = 'small') => {
    const answer = await send('POST', `${path}/${name}/process`, { body });
    return [answer.code, answer.body['message']];
  };
  const about = 'virtualmachinetemplates.template.kubevirt.io';
  expect(await process(options({ COLOUR: 'red' }))).toEqual([
    409,
    `Operation cannot be fulfilled on ${about} "small": parameter COLOUR not found in template`,
  ]);
  expect(await process(options({}), 'none')).toEqual([
    500,
    `Internal error occurred: error getting VirtualMachineTemplate: ${about} "none" not found`,
  ]);
  expect(await process(options({ CORES: '' }))).toEqual([
    422,
    `VirtualMachineTemplate.template.kubevirt.io "small" is invalid: spec.parameters[2].value: Required value: parameter 'CORES' is required and a value must be specified`,
  ]);
  expect(await process(options({ CORES: 'many' }))).toMatchObject([
    422,
    expect.stringContaining('failed to convert unstructured object to VirtualMachine') as string,
  ]);
  expect((await process(options({ CORES: 3 })))[0]).toBe(400);
  expect((await process(undefined))[0]).toBe(400);
});

test('a template that could never be processed is not taken', async () => {
  const cluster = await startCluster();
  expect(await refusal(cluster, (spec) => spec.parameters?.splice(1, 1))).toEqual([
    403,
    'spec.virtualMachine: Invalid value: "STRATEGY": references undefined parameter STRATEGY',
  ]);
  expect(
    await refusal(cluster, (spec) => {
      spec.parameters = (spec.parameters ?? []).map((one) =>
        one.name === 'NAME' ? { ...one, from: '[z-a]{3}' } : one,
      );
    }),
  ).toEqual([
    403,
    'processing validation failed: spec.parameters[0].from: Invalid value: "[z-a]{3}": invalid range specified: z-a',
  ]);
  expect(await refusal(cluster, (spec) => spec.parameters?.push({ name: 'NAME' }))).toEqual([
    403,
    'processing validation failed: spec.parameters[3].name: Duplicate value: "NAME"',
  ]);
  expect(
    (await refusal(cluster, (spec) => (spec.virtualMachine = { spec: { sails: 3 } })))[1],
  ).toContain('unknown field "spec.sails"');
  const schema = await refusal(cluster, (spec) =>
    spec.parameters?.push({ name: 'X', generate: 'dice', from: '6' }),
  );
  expect(schema[0]).toBe(422);
});

test('no role for users may process templates', async () => {
  const { client, send } = await startCluster();
  await client.create(virtualMachineTemplates, template());
  const answer = await send('POST', `${path}/small/process`, {
    body: options({}),
    token: bobToken,
  });
  expect([answer.code, answer.body['reason']]).toEqual([403, 'Forbidden']);
});
