import { expect, test } from 'vitest';

import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { startCluster } from './clusterFixture.ts';
import { plainVm } from './manifests.ts';
import { startWithKubectl } from './startWithKubectl.ts';

const vms = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines';

/** A VM with something else at one place of its domain. */
function vmWith(change: (domain: Record<string, unknown>) => void) {
  const vm = structuredClone(plainVm('web'));
  change(vm.spec.template.spec?.domain as unknown as Record<string, unknown>);
  return vm;
}

test('a field that KubeVirt does not know is pruned, warned of, or refused', async () => {
  const { send, client } = await startCluster();
  const body = vmWith((domain) => (domain['cors'] = 2));
  const field = 'spec.template.spec.domain.cors';
  const strict = await send('POST', `${vms}?fieldValidation=Strict`, { body });
  expect(strict).toMatchObject({
    code: 400,
    body: {
      message: expect.stringContaining(`strict decoding error: unknown field "${field}"`) as string,
    },
  });
  expect((await send('POST', vms, { body })).code).toBe(201);
  const stored = await client.get(virtualMachines, { namespace: 'default', name: 'web' });
  expect(stored.spec.template.spec?.domain).not.toHaveProperty('cors');
});

test('a field of the wrong type is refused with its path', async () => {
  const { send } = await startCluster();
  const body = vmWith((domain) => (domain['cpu'] = { cores: 'two' }));
  const field = 'spec.template.spec.domain.cpu.cores';
  expect(await send('POST', vms, { body })).toMatchObject({
    code: 422,
    body: {
      details: {
        causes: [
          {
            reason: 'FieldValueTypeInvalid',
            message: `Invalid value: "string": ${field} in body must be of type integer: "string"`,
            field,
          },
        ],
      },
    },
  });
});

test('a quantity may be a number', async () => {
  const { send } = await startCluster();
  const body = vmWith((domain) => (domain['memory'] = { guest: 134217728 }));
  expect((await send('POST', vms, { body })).code).toBe(201);
});

test('labels and annotations of the template are kept whole', async () => {
  const { send, client } = await startCluster();
  const body = plainVm('web');
  body.spec.template.metadata = { labels: { tier: 'db' }, annotations: { a: 'b' } };
  expect((await send('POST', `${vms}?fieldValidation=Strict`, { body })).code).toBe(201);
  const stored = await client.get(virtualMachines, { namespace: 'default', name: 'web' });
  expect(stored.spec.template.metadata).toMatchObject(body.spec.template.metadata);
});

test('kubectl explains what hangs below a virtual machine and a pod', async () => {
  const { kubectl } = await startWithKubectl();
  const explain = (...args: string[]) => kubectl('explain', ...args);
  const devices = await explain('vm.spec.template.spec.domain.devices', '--recursive');
  expect(devices).toMatch(/interfaces\s+<\[\]Interface>\n\s+acpiIndex\s+<integer>/);
  expect(await explain('vmi.spec.evictionStrategy')).toContain('<string>');
  expect(await explain('pod.spec.containers.resources')).toMatch(
    /limits\s+<map\[string\]Quantity>/,
  );
  expect(await explain('dv.spec.source.http')).toMatch(/url\s+<string> -required-/);
});

test('enumerations and limits of KubeVirt are those of its definitions', async () => {
  const { send } = await startCluster();
  const body = vmWith((domain) => {
    domain['rebootPolicy'] = 'Never';
    domain['devices'] = { disks: Array.from({ length: 257 }, (_, i) => ({ name: `d${i}` })) };
  });
  const at = 'spec.template.spec.domain';
  expect(await send('POST', vms, { body })).toMatchObject({
    code: 422,
    body: {
      details: {
        causes: [
          {
            reason: 'FieldValueTooMany',
            message: 'Too many: 257: must have at most 256 items',
            field: `${at}.devices.disks`,
          },
          {
            message: 'Unsupported value: "Never": supported values: "Reboot", "Terminate"',
            field: `${at}.rebootPolicy`,
          },
        ],
      },
    },
  });
});

test('two appliers share a list that has keys, as in KubeVirt', async () => {
  const { send, client } = await startCluster();
  const apply = (fieldManager: string, topologyKey: string) => {
    const constraint = { topologyKey, whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 1 };
    const { apiVersion, kind, metadata, spec } = plainVm('web');
    const template = {
      ...spec.template,
      spec: { ...spec.template.spec, topologySpreadConstraints: [constraint] },
    };
    const body = { apiVersion, kind, metadata, spec: { ...spec, template } };
    const url = `${vms}/web?fieldManager=${fieldManager}`;
    return send('PATCH', url, { body, contentType: 'application/apply-patch+yaml' });
  };
  expect((await apply('first', 'zone')).code).toBe(201);
  expect((await apply('second', 'rack')).code).toBe(200);
  const { spec } = await client.get(virtualMachines, { namespace: 'default', name: 'web' });
  const keys = spec.template.spec?.topologySpreadConstraints?.map((one) => one.topologyKey);
  expect(keys).toEqual(['zone', 'rack']);
});

test("rules in CEL of CDI's and KubeVirt's types are kept", async () => {
  const { send } = await startCluster();
  const refused = await send(
    'PATCH',
    '/apis/cdi.kubevirt.io/v1beta1/storageprofiles/hostpath-virtualization',
    {
      contentType: 'application/merge-patch+json',
      body: {
        spec: { claimPropertySets: [{ accessModes: ['Sometimes'], volumeMode: 'Block' }] },
      },
    },
  );
  expect(refused).toMatchObject({ code: 422, body: { reason: 'Invalid' } });
  expect(refused.body['message']).toContain(
    'spec.claimPropertySets[0].accessModes: Invalid value: "array": Illegal AccessMode',
  );
  const vm = plainVm('web');
  const volumes = [{ name: 'logs', containerPath: { path: 'var/log', readOnly: true } }];
  const spec = { ...vm.spec.template.spec, volumes };
  const body = { ...vm, spec: { ...vm.spec, template: { ...vm.spec.template, spec } } };
  const url = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines';
  expect((await send('POST', url, { body })).body['message']).toContain(
    "path must be absolute (start with '/')",
  );
});
