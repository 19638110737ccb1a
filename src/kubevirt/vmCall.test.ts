import { expect, test } from 'vitest';

import { vmCall, vmCommand, type VmOperation } from './vmCall';
import { patchGroup, patchMetadata, patchProtection, patchRunStrategy } from './vmPatches';

const vm = { namespace: 'shop', name: 'web' };
const group = '/apis/subresources.kubevirt.io/v1/namespaces/shop';

test.each<[VmOperation, string, string, unknown]>([
  [
    { action: 'start' },
    `PUT ${group}/virtualmachines/web/start`,
    'virtctl start web --namespace shop',
    {},
  ],
  [
    { action: 'startPaused' },
    `PUT ${group}/virtualmachines/web/start`,
    'virtctl start web --namespace shop --paused',
    { paused: true },
  ],
  [
    { action: 'forceStop' },
    `PUT ${group}/virtualmachines/web/stop`,
    'virtctl stop web --namespace shop --grace-period 0 --force',
    { gracePeriod: 0 },
  ],
  [
    { action: 'softReboot' },
    `PUT ${group}/virtualmachineinstances/web/softreboot`,
    'virtctl soft-reboot web --namespace shop',
    {},
  ],
  [
    { action: 'migrate', node: 'node-2' },
    `PUT ${group}/virtualmachines/web/migrate`,
    'virtctl migrate web --namespace shop --addedNodeSelector kubernetes.io/hostname=node-2',
    { addedNodeSelector: { 'kubernetes.io/hostname': 'node-2' } },
  ],
  [
    { action: 'cancelMigration', migration: 'web-xyz' },
    'DELETE /apis/kubevirt.io/v1/namespaces/shop/virtualmachineinstancemigrations/web-xyz',
    'virtctl migrate-cancel web --namespace shop',
    undefined,
  ],
  [
    { action: 'memoryDump', claim: 'dump' },
    `PUT ${group}/virtualmachines/web/memorydump`,
    'virtctl memory-dump get web --namespace shop --claim-name dump',
    { claimName: 'dump' },
  ],
  [
    { action: 'delete' },
    'DELETE /apis/kubevirt.io/v1/namespaces/shop/virtualmachines/web',
    'kubectl delete virtualmachine web --namespace shop',
    undefined,
  ],
  [
    { action: 'edit', patch: [{ op: 'add', path: '/a', value: "it's" }] },
    'PATCH /apis/kubevirt.io/v1/namespaces/shop/virtualmachines/web',
    `kubectl patch virtualmachine web --namespace shop --type json --patch '[{"op":"add","path":"/a","value":"it'\\''s"}]'`,
    [{ op: 'add', path: '/a', value: "it's" }],
  ],
])('%j as a request and as a command', (operation, request, command, body) => {
  const call = vmCall(vm, operation);
  expect(`${call.method} ${call.path}`).toBe(request);
  expect(call.body).toEqual(body);
  expect(vmCommand(vm, operation)).toBe(command);
});

const template = { spec: { domain: { devices: {} } } };

test('group and protection are labels that are set and taken away', () => {
  const path = '/metadata/labels/vm.openshift.io~1folder';
  expect(patchGroup({ metadata: { labels: { a: 'b' } } }, 'web')).toEqual([
    { op: 'add', path, value: 'web' },
  ]);
  const labels = { 'vm.openshift.io/folder': 'web', 'kubevirt.io/vm-delete-protection': 'True' };
  expect(patchGroup({ metadata: { labels } }, '')).toEqual([
    { op: 'test', path, value: 'web' },
    { op: 'remove', path },
  ]);
  expect(patchProtection({ metadata: { labels } }, true)).toEqual([]);
  expect(patchProtection({ metadata: {} }, true)).toEqual([
    { op: 'add', path: '/metadata/labels', value: { 'kubevirt.io/vm-delete-protection': 'True' } },
  ]);
});

test('labels and annotations are one patch', () => {
  const metadata = { labels: { a: '1' }, annotations: { n: 'x' } };
  expect(patchMetadata({ metadata }, { labels: { a: '1' }, annotations: {} })).toEqual([
    { op: 'test', path: '/metadata/annotations/n', value: 'x' },
    { op: 'remove', path: '/metadata/annotations/n' },
  ]);
});

test('a run strategy takes the place of the deprecated running', () => {
  expect(patchRunStrategy({ spec: { running: true, template } }, 'Manual')).toEqual([
    { op: 'test', path: '/spec/running', value: true },
    { op: 'remove', path: '/spec/running' },
    { op: 'add', path: '/spec/runStrategy', value: 'Manual' },
  ]);
  expect(patchRunStrategy({ spec: { runStrategy: 'Manual', template } }, 'Manual')).toEqual([]);
});
