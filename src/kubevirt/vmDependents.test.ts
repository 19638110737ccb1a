import { expect, test } from 'vitest';

import { deletionSteps, patchDisown, vmDependents } from './vmDependents';

const owned = { ownerReferences: [{ uid: 'other' }, { uid: 'u1' }] };
const vm = {
  metadata: { name: 'web', uid: 'u1' },
  spec: {
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        domain: { devices: {} },
        volumes: [{ name: 'init', cloudInitNoCloud: { secretRef: { name: 'web-init' } } }],
      },
    },
  },
};

test('what belongs to the VM comes first, then what only speaks of it', () => {
  const found = vmDependents(vm, {
    dataVolumes: [
      { metadata: { name: 'web-root', ...owned } },
      { metadata: { name: 'strange', ownerReferences: [{ uid: 'u2' }] } },
    ],
    snapshots: [
      { metadata: { name: 's1' }, spec: { source: { kind: 'VirtualMachine', name: 'web' } } },
      { metadata: { name: 's2' }, spec: { source: { kind: 'VirtualMachine', name: 'db' } } },
    ],
    services: [
      { metadata: { name: 'web-http' }, spec: { selector: { app: 'web' } } },
      { metadata: { name: 'named' }, spec: { selector: { 'vm.kubevirt.io/name': 'web' } } },
      { metadata: { name: 'headless' }, spec: {} },
      { metadata: { name: 'db' }, spec: { selector: { app: 'web', tier: 'db' } } },
    ],
  });
  expect(found.map(({ kind, name, isOwned }) => [kind, name, isOwned])).toEqual([
    ['DataVolume', 'web-root', true],
    ['VirtualMachineSnapshot', 's1', false],
    ['Service', 'web-http', false],
    ['Service', 'named', false],
    ['Secret', 'web-init', false],
  ]);
});

test('an object is set free from this owner alone', () => {
  expect(patchDisown({ metadata: owned }, 'u1')).toEqual([
    { op: 'test', path: '/metadata/ownerReferences/1/uid', value: 'u1' },
    { op: 'remove', path: '/metadata/ownerReferences/1' },
  ]);
  expect(patchDisown({ metadata: owned }, 'u9')).toEqual([]);
});

test('a deletion tells each of its requests, in order', () => {
  const found = vmDependents(vm, {
    dataVolumes: [
      { metadata: { name: 'web-root', ...owned } },
      { metadata: { name: 'web-data', ownerReferences: [{ uid: 'u1' }] } },
    ],
    snapshots: [],
    services: [],
  });
  const choices = found.map((one) => ({ ...one, goes: one.name !== 'web-root' }));
  const steps = deletionSteps({ namespace: 'shop', name: 'web' }, choices);
  expect(steps.map(({ call: { method, path } }) => `${method} ${path}`)).toEqual([
    'PATCH /apis/cdi.kubevirt.io/v1beta1/namespaces/shop/datavolumes/web-root',
    'DELETE /apis/kubevirt.io/v1/namespaces/shop/virtualmachines/web',
    // What belongs to the VM and is to go needs no request of its own.
    'DELETE /api/v1/namespaces/shop/secrets/web-init',
  ]);
  expect(steps.map(({ command }) => command)).toEqual([
    `kubectl patch datavolume web-root --namespace shop --type json --patch '[{"op":"test","path":"/metadata/ownerReferences/1/uid","value":"u1"},{"op":"remove","path":"/metadata/ownerReferences/1"}]'`,
    'kubectl delete virtualmachine web --namespace shop',
    'kubectl delete secret web-init --namespace shop --ignore-not-found',
  ]);
});
