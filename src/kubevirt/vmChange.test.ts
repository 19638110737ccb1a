import { describe, expect, it } from 'vitest';

import { changeCommand, labelCounts, patchChange, type VmChange } from './vmChange';

const vm = {
  metadata: { name: 'web', namespace: 'shop', labels: { app: 'web', tier: 'a/b' } },
  spec: { runStrategy: 'Always', template: {} },
};
const none = { set: {}, remove: [] };

describe('a change of any VM', () => {
  it('touches the keys that it names alone, and tests what it replaces', () => {
    const change: VmChange = {
      kind: 'metadata',
      labels: { set: { app: 'shop' }, remove: ['tier', 'absent'] },
      annotations: { set: { note: 'x' }, remove: [] },
    };
    expect(patchChange(vm, change)).toEqual([
      { op: 'test', path: '/metadata/labels/app', value: 'web' },
      { op: 'replace', path: '/metadata/labels/app', value: 'shop' },
      { op: 'test', path: '/metadata/labels/tier', value: 'a/b' },
      { op: 'remove', path: '/metadata/labels/tier' },
      { op: 'add', path: '/metadata/annotations', value: { note: 'x' } },
    ]);
    expect(changeCommand({ namespace: 'shop', name: 'web' }, change)).toBe(
      'kubectl label virtualmachine web --namespace shop --overwrite app=shop tier- absent-\n' +
        'kubectl annotate virtualmachine web --namespace shop --overwrite note=x',
    );
  });

  it('is nothing where a VM has it already', () => {
    expect(patchChange(vm, { kind: 'runStrategy', strategy: 'Always' })).toEqual([]);
    expect(patchChange(vm, { kind: 'group', group: '' })).toEqual([]);
    expect(patchChange(vm, { kind: 'metadata', labels: none, annotations: none })).toEqual([]);
  });

  it.each<[VmChange, string]>([
    [
      { kind: 'group', group: '' },
      'kubectl label virtualmachine web --namespace shop --overwrite vm.openshift.io/folder-',
    ],
    [
      { kind: 'protection', isProtected: true },
      'kubectl label virtualmachine web --namespace shop --overwrite kubevirt.io/vm-delete-protection=True',
    ],
    [
      { kind: 'runStrategy', strategy: 'Halted' },
      `kubectl patch virtualmachine web --namespace shop --type merge --patch '{"spec":{"runStrategy":"Halted","running":null}}'`,
    ],
  ])('%j has a command', (change, command) => {
    expect(changeCommand({ namespace: 'shop', name: 'web' }, change)).toBe(command);
  });

  it('counts labels', () => {
    expect(labelCounts([{ labels: ['b=1', 'a=1'] }, { labels: ['b=1'] }])).toEqual([
      { label: 'b=1', count: 2 },
      { label: 'a=1', count: 1 },
    ]);
  });
});
