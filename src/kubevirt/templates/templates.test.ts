import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { expect, it } from 'vitest';

import { generateValue } from './generateValue';
import { parameterMistake, processTemplate } from './processTemplate';
import { saveAsTemplate } from './saveAsTemplate';
import {
  type AnyTemplate,
  toOpenshiftTemplateRow,
  toVmTemplateRow,
  type VmTemplate,
} from './templateRow';

const vmTemplate: VmTemplate = {
  kind: 'VirtualMachineTemplate',
  metadata: { name: 'small', namespace: 'shop' },
  spec: {
    virtualMachine: {
      metadata: { name: '${NAME}', namespace: 'fixed', labels: { '${TIER}': 'x' } },
      spec: {
        instancetype: { name: 'u1.small' },
        template: { spec: { domain: { cpu: { cores: '${{CORES}}' } } } },
        dataVolumeTemplates: [{ spec: { sourceRef: { kind: 'DataSource', name: 'fedora' } } }],
      },
    },
    parameters: [
      { name: 'NAME', generate: 'expression', from: 'vm-[a-z0-9]{5}' },
      { name: 'TIER', value: 'gold' },
      { name: 'CORES', required: true },
    ],
    message: 'Log in to ${NAME}, not ${NOBODY}.',
  },
};

it('fills a template in: typed values, its own, and generated ones', () => {
  const { objects, message } = processTemplate(vmTemplate, { CORES: '4' });
  expect(objects).toEqual([
    {
      ...{ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine' },
      metadata: {
        name: expect.stringMatching(/^vm-[a-z0-9]{5}$/) as string,
        labels: { gold: 'x' },
      },
      spec: {
        instancetype: { name: 'u1.small' },
        template: { spec: { domain: { cpu: { cores: 4 } } } },
        dataVolumeTemplates: [{ spec: { sourceRef: { kind: 'DataSource', name: 'fedora' } } }],
      },
    },
  ]);
  expect(message).toMatch(/^Log in to vm-[a-z0-9]{5}, not \$\{NOBODY\}\.$/);
});

it('fills the objects of an OpenShift template in, and puts its labels on all of them', () => {
  const template: AnyTemplate = {
    ...{ apiVersion: 'template.openshift.io/v1', kind: 'Template' },
    metadata: { name: 'fedora-server-small', namespace: 'openshift' },
    labels: { app: '${NAME}' },
    objects: [
      { kind: 'Secret', metadata: { name: '${NAME}-keys' }, stringData: { p: '${PASSWORD}' } },
      { kind: 'VirtualMachine', metadata: { name: '${NAME}', namespace: '${WHERE}' } },
    ],
    parameters: [
      { name: 'NAME', value: 'web' },
      { name: 'PASSWORD', generate: 'expression', from: '[A-F0-9]{4}-[\\d]{2}' },
      { name: 'WHERE', value: 'shop' },
    ],
  };
  const [secret, vm] = processTemplate(template, {}).objects;
  expect(secret).toMatchObject({
    metadata: { name: 'web-keys', labels: { app: 'web' } },
    stringData: { p: expect.stringMatching(/^[A-F0-9]{4}-\d{2}$/) as string },
  });
  expect(vm).toMatchObject({
    metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
  });
});

it('makes values of sound expressions alone', () => {
  expect(generateValue('a[b]{3}c')).toBe('abbbc');
  expect(generateValue('[\\w]{255}')).toMatch(/^\w{255}$/);
  expect(['[z-a]{3}', '[a-z]{0}', '[a-z]{256}'].map(generateValue)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  const [name, , cores] = vmTemplate.spec?.parameters ?? [];
  expect(name && parameterMistake(name, undefined)).toBeUndefined();
  expect(cores && parameterMistake(cores, '')).toBe('required');
  expect(parameterMistake({ name: 'X', generate: 'expression', from: '[z-a]{1}' }, '')).toBe(
    'expression',
  );
});

it('makes the rows of both kinds, and none of a template without a virtual machine', () => {
  expect(toVmTemplateRow(vmTemplate)).toMatchObject({
    ...{
      kind: 'VirtualMachineTemplate',
      source: 'fedora',
      instancetype: 'u1.small',
      parameters: 3,
    },
  });
  expect(
    toOpenshiftTemplateRow({
      metadata: {
        name: 'fedora-server-small',
        labels: {
          'os.template.kubevirt.io/fedora40': 'true',
          'workload.template.kubevirt.io/server': 'true',
        },
        annotations: { 'openshift.io/display-name': 'Fedora VM' },
      },
      objects: [{ kind: 'VirtualMachine' }],
    }),
  ).toMatchObject({ os: 'fedora40', workload: 'server', title: 'Fedora VM', parameters: 0 });
  expect(toOpenshiftTemplateRow({ objects: [{ kind: 'Service' }] })).toBeUndefined();
});

const vm: V1VirtualMachine = {
  ...{ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine' },
  metadata: {
    ...{ name: 'web', namespace: 'shop', uid: '1' },
    labels: { app: 'web', 'vm.kubevirt.io/template': 'old' },
  },
  spec: {
    runStrategy: 'Always',
    instancetype: { name: 'u1.small', revisionName: 'web-u1' },
    dataVolumeTemplates: [
      {
        metadata: { name: 'web-rootdisk' },
        spec: {
          sourceRef: { kind: 'DataSource', name: 'fedora', namespace: 'images' },
          storage: { resources: { requests: { storage: '30Gi' } } },
        },
      },
    ],
    template: {
      spec: {
        domain: {
          firmware: { uuid: 'u', serial: 's' },
          devices: { interfaces: [{ name: 'default', macAddress: '02:00:00:00:00:01' }] },
        },
        volumes: [
          { name: 'root', dataVolume: { name: 'web-rootdisk' } },
          { name: 'data', persistentVolumeClaim: { claimName: 'archive' } },
          { name: 'init', cloudInitNoCloud: { userData: '#cloud-config' } },
        ],
      },
    },
  },
  status: {},
};

it('makes a template of a virtual machine, without what belongs to it alone', () => {
  const choice = { name: 'shop-web', namespace: 'shop', title: 'Web', description: '' };
  const made = saveAsTemplate(vm, { ...choice, disks: 'sources' });
  const [copy] = processTemplate(made, { NAME: 'new' }).objects;
  expect(copy).toEqual({
    ...{ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine' },
    metadata: { name: 'new', labels: { app: 'web' } },
    spec: {
      runStrategy: 'Always',
      instancetype: { name: 'u1.small' },
      dataVolumeTemplates: [
        { metadata: { name: 'new-rootdisk' }, spec: vm.spec.dataVolumeTemplates?.[0]?.spec },
        {
          metadata: { name: 'new-archive' },
          spec: { source: { pvc: { namespace: 'shop', name: 'archive' } }, storage: {} },
        },
      ],
      template: {
        spec: {
          domain: { devices: { interfaces: [{ name: 'default' }] } },
          volumes: [
            { name: 'root', dataVolume: { name: 'new-rootdisk' } },
            { name: 'data', dataVolume: { name: 'new-archive' } },
            { name: 'init', cloudInitNoCloud: { userData: '#cloud-config' } },
          ],
        },
      },
    },
  });
  const copied = saveAsTemplate(vm, { ...choice, disks: 'copies' });
  expect(JSON.stringify(copied)).toContain('"pvc":{"namespace":"shop","name":"web-rootdisk"}');
  expect(vm.spec.instancetype?.revisionName).toBe('web-u1');
});
