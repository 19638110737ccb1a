import { expect, test } from 'vitest';

import { draftObjects } from '~/kubevirt/create/draftObjects';
import { draftProblems } from '~/kubevirt/create/draftProblems';
import { failureProblems } from '~/kubevirt/create/failureProblems';
import { draftVm } from '~/kubevirt/create/draftVm';
import { type Origin, originOf, withOrigin } from '~/kubevirt/create/origin';
import { withImageDisk } from '~/kubevirt/create/imageDisk';
import { draftLink, parseDraft, parseDraftLink } from '~/kubevirt/create/parseDraft';
import { templateDraft } from '~/kubevirt/create/templateDraft';
import { diskDraft, type DraftCopy, newDraft, type VmDraft } from '~/kubevirt/create/vmDraft';
import { secrets } from '~/k8s/models';

const draft = newDraft('web', 'shop');

test('each origin is known again, and leaves what was typed when another one is chosen', () => {
  const all: Origin[] = [
    ...(['dataSource', 'url', 'registry', 'clone', 'snapshot', 'dataVolume', 'claim'] as const),
    ...(['containerDisk', 'network', 'vm', 'vmSnapshot', 'template'] as const),
  ];
  for (const origin of all) {
    const chosen = withOrigin({ ...draft, userData: '#!/bin/sh\n' }, origin);
    expect(originOf(chosen)).toBe(origin);
    // Everything but the blank disk wants something more.
    expect(draftProblems(chosen), origin).not.toEqual([]);
    expect(withOrigin(chosen, 'blank'), origin).toEqual({ ...draft, userData: '#!/bin/sh\n' });
  }
});

test('network boot: the chosen network first, then the empty disk', () => {
  const { nics, ...rest } = withOrigin(draft, 'network');
  const named = {
    ...rest,
    nics: nics.map((nic) => (nic.bootOrder ? { ...nic, network: 'lab' } : nic)),
  };
  expect(draftProblems(named)).toEqual([]);
  const { domain, networks } = draftVm(named, 'web').spec.template.spec ?? {};
  expect(domain?.devices.interfaces).toEqual([
    { name: 'default', model: 'virtio', masquerade: {} },
    { name: 'nic-2', model: 'virtio', bridge: {}, bootOrder: 1 },
  ]);
  expect(networks?.[1]).toEqual({ name: 'nic-2', multus: { networkName: 'lab' } });
  expect(domain?.devices.disks).toMatchObject([{ bootOrder: 2 }]);
});

test('a copy is a clone with patches, once for each name', () => {
  const copy: DraftCopy = {
    ...{ kind: 'VirtualMachineSnapshot' as const, name: 'monday', start: true, cores: 3 },
    memory: { value: 3, unit: 'GiB' },
  };
  const objects = draftObjects({ ...draft, count: 2, copy });
  expect(objects.map(({ model, object }) => [model.kind, object])).toMatchObject([
    ['VirtualMachineClone', { spec: { target: { name: 'web-1' } } }],
    [
      'VirtualMachineClone',
      {
        spec: {
          source: {
            apiGroup: 'snapshot.kubevirt.io',
            kind: 'VirtualMachineSnapshot',
            name: 'monday',
          },
          target: { name: 'web-2' },
          patches: [
            '{"op":"add","path":"/spec/runStrategy","value":"Always"}',
            '{"op":"replace","path":"/spec/template/spec/domain/cpu/cores","value":3}',
            '{"op":"replace","path":"/spec/template/spec/domain/memory/guest","value":"3Gi"}',
          ],
        },
      },
    ],
  ]);
});

test('answers for Windows that are typed become a Secret of the VM, also beside YAML', () => {
  const typed = { ...draft, sysprep: { kind: 'typed', name: '', text: '<unattend/>' } } as const;
  expect(draftProblems(typed)).toEqual([]);
  const objects = draftObjects(typed);
  expect(objects).toMatchObject([
    {
      ownerName: 'web',
      object: {
        metadata: { name: 'web-sysprep' },
        stringData: { 'autounattend.xml': '<unattend/>' },
      },
    },
    { object: { kind: 'VirtualMachine' } },
  ]);
  const yaml = JSON.stringify(objects[1]?.object);
  expect(draftObjects({ ...typed, yaml })).toEqual(objects);
  expect(draftObjects({ ...typed, yaml: yaml.replace('web-sysprep', 'other') })).toHaveLength(1);
  const bad = { ...typed.sysprep, text: 'no xml' };
  expect(draftProblems({ ...typed, sysprep: bad })).toMatchObject([
    { step: 'initialisation', field: 'sysprep' },
  ]);
});

test('files that are given to it: an image is the first disk, an ISO the medium of an empty one', () => {
  const image = diskDraft('disk-2', { kind: 'dataVolume', name: 'image' });
  const iso = {
    ...diskDraft('disk-3', { kind: 'dataVolume', name: 'iso' }),
    kind: 'cdrom',
  } as const;
  const [first, second] = withImageDisk(withImageDisk(draft, image), image).disks;
  expect([first?.name, first?.source, second?.name]).toEqual(['rootdisk', image.source, 'disk-2']);
  expect(withImageDisk(draft, iso).disks).toMatchObject([
    { name: 'rootdisk', source: { kind: 'blank' }, bootOrder: 1 },
    { name: 'disk-3', kind: 'cdrom', bootOrder: 2 },
  ]);
});

test('two devices cannot have the same place in the order of booting', () => {
  const disks = [1, 1].map((bootOrder, index) => ({
    ...diskDraft(`disk-${index}`, { kind: 'blank' }),
    bootOrder,
  }));
  expect(draftProblems({ ...draft, disks })).toMatchObject([{ field: 'disk-1-boot' }]);
});

test('what the server refuses of a copy is shown at its name or its source', () => {
  const failure = { title: '', detail: 'no', status: 422, reason: '', causes: [] };
  const place = (field: string, status = 422) =>
    failureProblems(
      { ...failure, status, causes: field === '' ? [] : [{ field, message: 'no', reason: '' }] },
      'VirtualMachineClone',
    );
  expect(place('', 409)).toMatchObject([{ step: 'source', field: 'name' }]);
  expect(place('spec.target.name')).toMatchObject([{ step: 'source', field: 'name' }]);
  expect(place('spec.source')).toMatchObject([{ step: 'source', field: 'copy' }]);
});

test('a template becomes the form where that can show all of it, and YAML where not', () => {
  const chosen = withOrigin(draft, 'template');
  const template = { namespace: 'shop', name: 'mill' };
  const made = draftVm({ ...draft, name: 'mill-1' }, 'mill-1');
  const taken = templateDraft(chosen, { vm: made, also: [], template });
  expect(taken).toMatchObject({ name: 'mill-1', yaml: undefined, template: undefined });
  expect(taken.labels).toEqual({
    'vm.kubevirt.io/template': 'mill',
    'vm.kubevirt.io/template.namespace': 'shop',
  });
  expect(draftProblems(taken)).toEqual([]);
  const { spec, ...rest } = made;
  const other = { ...rest, spec: { ...spec, updateVolumesStrategy: 'Migration' } };
  const secret = {
    model: secrets,
    object: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key', namespace: 'shop' } },
  };
  const written = templateDraft(chosen, { vm: other, also: [secret], template });
  expect(written.yaml).toContain('updateVolumesStrategy: Migration');
  expect(draftObjects(written)).toMatchObject([secret, { object: { kind: 'VirtualMachine' } }]);
  expect(() => templateDraft(chosen, { vm: undefined, also: [], template })).toThrow(
    'This is not one VirtualMachine',
  );
});

test('a draft with all of it is the same after the browser has kept it, and its link has no secrets', () => {
  const full: VmDraft = {
    ...withOrigin(draft, 'vm'),
    labels: { a: 'b' },
    also: [{ model: secrets, object: { kind: 'Secret', metadata: { name: 'key' } } }],
    sysprep: { kind: 'typed', name: '', text: '<unattend>hunter2</unattend>' },
    template: {
      ...{
        kind: 'Template',
        namespace: 'openshift',
        name: 'rhel',
        values: { PASSWORD: 'hunter2' },
      },
    },
  };
  expect(parseDraft(JSON.parse(JSON.stringify(full)))).toEqual(full);
  expect(JSON.stringify(parseDraftLink(`#${draftLink(full)}`))).not.toMatch(/hunter2|"key"/);
});
