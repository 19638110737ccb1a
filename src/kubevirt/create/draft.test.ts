import { describe, expect, test } from 'vitest';

import type { Failure } from '~/k8s/errors';
import { secrets } from '~/k8s/models';
import { anyDraft, seeded } from '~/kubevirt/create/anyDraft';
import { draftObjects, yamlVm } from '~/kubevirt/create/draftObjects';
import { draftProblems, primaryNetworkProblems } from '~/kubevirt/create/draftProblems';
import { draftReferences, withProject } from '~/kubevirt/create/draftReferences';
import { draftVm, needsSecret } from '~/kubevirt/create/draftVm';
import { failureProblems } from '~/kubevirt/create/failureProblems';
import { draftLink, parseDraft, parseDraftLink } from '~/kubevirt/create/parseDraft';
import { objectsYaml } from '~/kubevirt/create/createCommands';
import { readDraft } from '~/kubevirt/create/readDraft';
import { newRule, toAffinity } from '~/kubevirt/create/placement';
import { customCompute, diskDraft, draftNames, newDraft, podNic } from '~/kubevirt/create/vmDraft';

const random = seeded(7);
const drafts = Array.from({ length: 300 }, () => anyDraft(random));

describe('whatever the wizard can be left with', () => {
  test('becomes a manifest that the form can read again, or says that it cannot', () => {
    for (const draft of drafts) {
      const vm = draftVm(draft, 'any');
      const read = readDraft(vm);
      // Only what a Secret holds is not in the VM.
      expect(read === undefined, JSON.stringify(draft)).toBe(needsSecret(draft));
      if (read) expect(draftVm(read, 'any')).toEqual(vm);
    }
  });

  test('is the same after the browser has kept it', () => {
    for (const draft of drafts) {
      expect(parseDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
    }
  });

  test('is the same VM when it is written as YAML and read', () => {
    for (const draft of drafts) {
      const vm = draftVm(draft, 'any');
      expect(
        yamlVm(objectsYaml(draftObjects(draft)).split('---\n').at(-1) ?? '', 'default'),
      ).toEqual(vm);
    }
  });

  test('has nothing to mend', () => {
    for (const draft of drafts) expect(draftProblems(draft)).toEqual([]);
  });
});

const draft = newDraft('web', 'shop');

test('a VM without an instance type and a preference has virtio throughout', () => {
  const { template } = draftVm(draft, 'web').spec;
  expect(template.spec?.domain).toEqual({
    cpu: { sockets: 1, cores: 1, threads: 1 },
    memory: { guest: '2Gi' },
    devices: {
      disks: [{ name: 'rootdisk', disk: { bus: 'virtio' } }],
      interfaces: [{ name: 'default', model: 'virtio', masquerade: {} }],
      rng: {},
    },
  });
  expect(template.spec?.volumes).toEqual([
    { name: 'rootdisk', dataVolume: { name: 'web-rootdisk' } },
  ]);
});

test('several VMs have names of a pattern', () => {
  expect(draftNames({ ...draft, count: 3 })).toEqual(['web-1', 'web-2', 'web-3']);
  expect(draftNames({ ...draft, name: 'a{n}-web', count: 2 })).toEqual(['a1-web', 'a2-web']);
  expect(draftObjects({ ...draft, count: 2 }).map(({ object }) => object.metadata?.name)).toEqual([
    'web-1',
    'web-2',
  ]);
});

test('user data of over 2048 bytes goes into a Secret that belongs to the VM', () => {
  const long = { ...draft, userData: `#cloud-config\n# ${'ä'.repeat(1020)}\n` };
  expect(needsSecret(long)).toBe(true);
  const [secret, vm] = draftObjects(long);
  expect(secret).toMatchObject({
    ownerName: 'web',
    object: { kind: 'Secret', stringData: { userdata: long.userData } },
  });
  expect(JSON.stringify(vm)).toContain('"secretRef":{"name":"web-cloudinit"}');
  expect(JSON.stringify(vm)).not.toContain('ää');
});

test('a link carries the draft, but no password', () => {
  const secretive = {
    ...draft,
    description: 'Straße',
    userData: '#cloud-config\nuser: eve\npassword: hunter2\nchpasswd:\n  expire: false\n',
  };
  const link = draftLink(secretive);
  expect(link).toMatch(/^[\w-]+$/);
  const opened = parseDraftLink(`#${link}`);
  expect(opened).toEqual({ ...secretive, userData: '#cloud-config\nuser: eve\n' });
  const chpasswd = { ...draft, userData: '#cloud-config\nusers:\n  - name: a\n    passwd: x\n' };
  expect(parseDraftLink(`#${draftLink(chpasswd)}`)?.userData).toBe('');
  expect(parseDraftLink('#nonsense')).toBeUndefined();
});

test('what has not the shape of a draft takes the value of a new one', () => {
  expect(
    parseDraft({ ...draft, count: 'many', disks: [{ name: 3 }], compute: { kind: 'x' } }),
  ).toEqual({
    ...draft,
    disks: [diskDraft('rootdisk', { kind: 'blank' })],
  });
  expect(parseDraft('draft')).toBeUndefined();
});

test('the user-defined network of a project is told where another binding would not join it', () => {
  const nic = { ...podNic, model: 'virtio', binding: 'l2bridge' as const };
  const own = { ...draft, nics: [nic] };
  expect(primaryNetworkProblems(draft, 'tenant')).toMatchObject([
    { step: 'network', field: 'nic-0-binding', values: { name: 'tenant' } },
  ]);
  expect(primaryNetworkProblems(draft, undefined)).toEqual([]);
  expect(primaryNetworkProblems(own, 'tenant')).toEqual([]);
  const vm = draftVm(own, 'web');
  expect(readDraft(vm)?.nics).toEqual(own.nics);
  expect(parseDraft(JSON.parse(JSON.stringify(own)))).toEqual(own);
});

describe('what has to be there already', () => {
  const found = (part: Partial<typeof draft>) =>
    draftReferences({ ...draft, ...part }).map(
      ({ model, namespace, name, field }) => `${model.kind} ${namespace ?? '-'}/${name} ${field}`,
    );
  test('is found wherever a draft names it', () => {
    expect(found({})).toEqual([]);
    expect(
      found({
        disks: [
          diskDraft('a', { kind: 'claim', name: 'data' }),
          { ...diskDraft('b', { kind: 'clone', namespace: 'x', name: 'y' }), storageClass: 'fast' },
        ],
        nics: [
          { ...podNic, network: 'lab' },
          { ...podNic, network: 'default/wide' },
        ],
        sshSecret: 'keys',
        sysprep: { kind: 'ConfigMap', name: 'answers', text: '' },
        priorityClass: 'high',
      }),
    ).toEqual([
      'PersistentVolumeClaim shop/data disk-0-source',
      'PersistentVolumeClaim x/y disk-1-source',
      'StorageClass -/fast disk-1-class',
      'NetworkAttachmentDefinition shop/lab nic-0-network',
      'NetworkAttachmentDefinition default/wide nic-1-network',
      'Secret shop/keys sshSecret',
      'ConfigMap shop/answers sysprep',
      'PriorityClass -/high priority',
    ]);
    expect(found({ yaml: 'kind: Pod' })).toEqual([]);
  });

  test('moves to another project only as far as a template makes it along', () => {
    const object = { kind: 'Secret', metadata: { name: 's', namespace: 'shop' } };
    const other = { kind: 'Secret', metadata: { name: 't', namespace: 'fixed' } };
    const also = [object, other].map((one) => ({ model: secrets, object: one }));
    const moved = withProject({ ...draft, sshSecret: 'keys', also }, 'mall');
    expect(moved.also.map((one) => one.object.metadata?.namespace)).toEqual(['mall', 'fixed']);
    expect(moved).toMatchObject({ namespace: 'mall', sshSecret: 'keys', disks: draft.disks });
  });
});

const ssh = { port: 22, type: 'ClusterIP' } as const;

describe('mistakes are found where they are made', () => {
  const found = (part: Partial<typeof draft>) =>
    draftProblems({ ...draft, ...part }).map(({ step, field }) => `${step} ${field}`);
  test.each([
    [{ name: 'Web' }, 'source name'],
    [{ name: 'w'.repeat(62), count: 2 }, 'source name'],
    [{ count: 51 }, 'source count'],
    [{ namespace: '' }, 'source namespace'],
    [{ disks: [diskDraft('a', { kind: 'url', url: 'ftp://x' })] }, 'source disk-0-source'],
    [{ disks: [...draft.disks, diskDraft('rootdisk', { kind: 'blank' })] }, 'storage disk-1-name'],
    [{ disks: [diskDraft('a', { kind: 'blank' }, 0)] }, 'storage disk-0-size'],
    [{ disks: [diskDraft('a', { kind: 'claim', name: 'c' })], count: 2 }, 'source disk-0-source'],
    [{ nics: [...draft.nics, { ...draft.nics[0]!, name: 'two' }] }, 'network nic-1-network'],
    [{ nics: [{ ...draft.nics[0]!, mac: '02:00' }] }, 'network nic-0-mac'],
    [{ userData: '#cloud-config\nuser: [' }, 'initialisation userData'],
    [{ yaml: 'kind: Pod' }, 'review yaml'],
    [{ compute: { ...customCompute, sockets: 4, maxSockets: 2 } }, 'compute maxSockets'],
    [{ compute: { ...customCompute, maxMemory: { value: 1, unit: 'GiB' } } }, 'compute maxMemory'],
    [
      { compute: { ...customCompute, memory: { value: 1.5, unit: 'GiB' }, hugepages: '1Gi' } },
      'compute memory',
    ],
    [{ devices: [{ kind: 'gpu', name: 'gpu-1', deviceName: '' }] }, 'compute device-0'],
    [{ services: [{ port: 70_000, type: 'NodePort' }] }, 'network service-0'],
    [{ services: [ssh, ssh] }, 'network service-1'],
    [{ services: [ssh], nics: [] }, 'network service-0'],
    [{ rules: [newRule] }, 'scheduling rule-0'],
    [{ tolerations: [{ key: '', value: 'x', effect: '' }] }, 'scheduling toleration-0'],
  ] as const)('%j', (part, place) => {
    expect(found(part)).toEqual([place]);
  });
});

test('a service is made for each VM, goes with it, and stays when the VM is written as YAML', () => {
  const several = { ...draft, name: '1-{n}', count: 2, services: [ssh] };
  const made = draftObjects(several).map(({ object, ownerName }) => [
    ...[object.kind, object.metadata?.name, ownerName],
  ]);
  expect(made).toEqual([
    ['Service', 'vm-1-1-ssh', '1-1'],
    ['VirtualMachine', '1-1', undefined],
    ['Service', 'vm-1-2-ssh', '1-2'],
    ['VirtualMachine', '1-2', undefined],
  ]);
  const one = { ...draft, services: [ssh] };
  const yaml = objectsYaml(draftObjects(draft));
  expect(draftObjects({ ...one, yaml })[0]).toMatchObject({
    ownerName: 'web',
    object: {
      kind: 'Service',
      spec: { selector: { 'vm.kubevirt.io/name': 'web' }, ports: [{ name: 'ssh', port: 22 }] },
    },
  });
});

test('wishes of placement become terms, of which those of nodes that must be hold together', () => {
  const labels = [['app', 'db']] as const;
  const affinity = toAffinity([
    { ...newRule, labels },
    { ...newRule, kind: 'together', isRequired: false, labels: [['app', '']] },
    { ...newRule, kind: 'nodes', labels: [['disk', 'ssd']] },
    { ...newRule, kind: 'nodes', labels: [['gpu', '']] },
  ]);
  const database = { key: 'app', operator: 'In', values: ['db'] };
  const hostname = { topologyKey: 'kubernetes.io/hostname' };
  const [must, may] = [
    'requiredDuringSchedulingIgnoredDuringExecution',
    'preferredDuringSchedulingIgnoredDuringExecution',
  ];
  expect(affinity).toEqual({
    podAntiAffinity: {
      [must]: [{ ...hostname, labelSelector: { matchExpressions: [database] } }],
    },
    podAffinity: {
      [may]: [
        {
          weight: 100,
          podAffinityTerm: {
            ...hostname,
            labelSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
          },
        },
      ],
    },
    nodeAffinity: {
      [must]: {
        nodeSelectorTerms: [
          {
            matchExpressions: [
              { key: 'disk', operator: 'In', values: ['ssd'] },
              { key: 'gpu', operator: 'Exists' },
            ],
          },
        ],
      },
    },
  });
});

test('the form leaves to YAML what its rules cannot say', () => {
  const vm = draftVm({ ...draft, rules: [{ ...newRule, labels: [['app', 'db']] }] }, 'web');
  expect(readDraft(vm)).toBeDefined();
  const text = JSON.stringify(vm);
  for (const [from, to] of [
    ['"values":["db"]', '"values":["db","web"]'],
    ['"operator":"In"', '"operator":"NotIn"'],
    ['"topologyKey"', '"namespaces":["other"],"topologyKey"'],
  ] as const) {
    expect(text).toContain(from);
    const changed = JSON.parse(text.replace(from, to)) as typeof vm;
    expect(readDraft(changed)).toBeUndefined();
  }
});

test('what the server refuses is shown where it is mended, in its words', () => {
  const failure: Failure = { title: '', detail: 'd', status: 422, reason: '', causes: [] };
  const place = (field: string) =>
    failureProblems(
      { ...failure, causes: [{ field, message: 'no', reason: '' }] },
      'VirtualMachine',
    );
  expect(place('spec.template.spec.domain.memory.guest')).toMatchObject([
    { step: 'compute', field: 'memory', text: 'no' },
  ]);
  expect(place('spec.template.spec.domain.devices.disks[1].name')).toMatchObject([
    { step: 'storage', field: 'disk-1-name' },
  ]);
  expect(place('spec.template.spec.tpm')).toMatchObject([
    { step: 'review', text: 'spec.template.spec.tpm: no' },
  ]);
  expect(failureProblems({ ...failure, status: 409 }, 'VirtualMachine')).toMatchObject([
    { step: 'source', field: 'name', text: 'd' },
  ]);
});
