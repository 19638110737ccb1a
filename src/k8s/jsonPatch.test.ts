import { applyPatch, type Operation } from 'fast-json-patch';
import { describe, expect, it } from 'vitest';
import { changesOf, type PatchOperation, patchOf } from './jsonPatch';

/** By the library that the local cluster's API server uses. */
function apply(document: unknown, patch: readonly PatchOperation[]): unknown {
  const operations = structuredClone(patch) as unknown as Operation[];
  return applyPatch(structuredClone(document), operations, true).newDocument;
}

const vm = {
  metadata: { name: 'web', resourceVersion: '7', annotations: { 'a/b~c': '1' } },
  spec: {
    unknown: { kept: [1, 2] },
    disks: [{ name: 'root', bus: 'virtio' }, { name: 'data', bus: 'sata' }, { name: 'iso' }],
    tolerations: [{ key: 'x' }],
  },
};

type Vm = typeof vm;

function edited(change: (draft: Vm) => void): Vm {
  const draft = structuredClone(vm);
  change(draft);
  return draft;
}

describe('patchOf', () => {
  it('is empty when nothing changed', () => {
    expect(patchOf(vm, structuredClone(vm))).toEqual([]);
  });

  it('tests what it replaces and touches nothing else', () => {
    const now = edited((draft) => (draft.metadata.annotations['a/b~c'] = '2'));
    expect(patchOf(vm, now)).toEqual([
      { op: 'test', path: '/metadata/annotations/a~1b~0c', value: '1' },
      { op: 'replace', path: '/metadata/annotations/a~1b~0c', value: '2' },
    ]);
  });

  it('tests what surrounds a key that is added', () => {
    const now = edited((draft) => Object.assign(draft.spec.unknown, { more: true }));
    expect(patchOf(vm, now)).toEqual([
      { op: 'test', path: '/spec/unknown', value: { kept: [1, 2] } },
      { op: 'add', path: '/spec/unknown/more', value: true },
    ]);
  });

  it('tests the version where metadata gets a key', () => {
    const now = edited((draft) => Object.assign(draft.metadata, { labels: { a: 'b' } }));
    expect(patchOf(vm, now)[0]).toEqual({
      op: 'test',
      path: '/metadata/resourceVersion',
      value: '7',
    });
  });

  it('changes, removes and adds elements by their names', () => {
    const now = edited((draft) => {
      draft.spec.disks = [
        { name: 'data', bus: 'scsi' },
        { name: 'new', bus: 'virtio' },
      ];
    });
    const patch = patchOf(vm, now);
    expect(patch).not.toContainEqual(expect.objectContaining({ path: '/spec/disks' }));
    expect(apply(vm, patch)).toEqual(now);
  });

  it('replaces a list whose order changed as a whole', () => {
    const now = edited((draft) => draft.spec.disks.reverse());
    expect(patchOf(vm, now).map(({ op, path }) => [op, path])).toEqual([
      ['test', '/spec/disks'],
      ['replace', '/spec/disks'],
    ]);
    expect(apply(vm, patchOf(vm, now))).toEqual(now);
  });

  it('fails when somebody moved the element meanwhile', () => {
    const now = edited((draft) => (draft.spec.disks[1] = { name: 'data', bus: 'scsi' }));
    const theirs = edited((draft) => draft.spec.disks.shift());
    expect(() => apply(theirs, patchOf(vm, now))).toThrow(/test/i);
  });

  it('leaves alone what somebody else changed elsewhere', () => {
    const now = edited((draft) => (draft.spec.tolerations = []));
    const theirs = edited((draft) => (draft.metadata.annotations['a/b~c'] = 'theirs'));
    expect(apply(theirs, patchOf(vm, now))).toEqual({
      ...theirs,
      spec: { ...theirs.spec, tolerations: [] },
    });
  });
});

describe('changesOf', () => {
  it('calls elements of lists by their names', () => {
    const now = edited((draft) => (draft.spec.disks[1] = { name: 'data', bus: 'scsi' }));
    expect(changesOf(vm, now)).toEqual([
      { path: ['spec', 'disks', 'data', 'bus'], before: 'sata', after: 'scsi' },
    ]);
  });

  it('tells of another order', () => {
    const now = edited((draft) => draft.spec.disks.reverse());
    expect(changesOf(vm, now)).toEqual([
      { path: ['spec', 'disks'], before: ['root', 'data', 'iso'], after: ['iso', 'data', 'root'] },
    ]);
  });
});
