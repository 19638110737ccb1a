import type { PrinterColumn, ResourceDefinition } from '../apiserver/ResourceDefinition.ts';
import {
  kubeVirts,
  type VirtualMachine,
  virtualMachineInstances,
  virtualMachines,
  type VirtualMachineInstance,
} from './resources.ts';
import { virtualMachineAdmission, virtualMachineInstanceAdmission } from './virt-api/admission.ts';

const age: PrinterColumn = { name: 'Age', type: 'date', value: '.metadata.creationTimestamp' };

const column = (name: string, value: string, priority = 0): PrinterColumn => ({
  name,
  type: 'string',
  value,
  priority,
});

const condition = (name: string, type: string, priority = 0) =>
  column(name, `.status.conditions[?(@.type=='${type}')].status`, priority);

const versions = [
  { name: 'v1', storage: true },
  {
    name: 'v1alpha3',
    deprecationWarning:
      'kubevirt.io/v1alpha3 is now deprecated and will be removed in a future release.',
  },
];

const virtualMachine: ResourceDefinition<VirtualMachine> = {
  group: 'kubevirt.io',
  versions,
  kind: virtualMachines.kind,
  plural: virtualMachines.plural,
  singular: 'virtualmachine',
  shortNames: ['vm', 'vms'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
  columns: [age, column('Status', '.status.printableStatus'), condition('Ready', 'Ready')],
  schema: {
    type: 'object',
    required: ['spec'],
    properties: {
      spec: {
        type: 'object',
        required: ['template'],
        'x-kubernetes-preserve-unknown-fields': true,
        properties: {
          running: { type: 'boolean' },
          runStrategy: { type: 'string' },
          template: {
            type: 'object',
            'x-kubernetes-preserve-unknown-fields': true,
            properties: {
              spec: {
                type: 'object',
                required: ['domain'],
                'x-kubernetes-preserve-unknown-fields': true,
                properties: {
                  domain: {
                    type: 'object',
                    required: ['devices'],
                    'x-kubernetes-preserve-unknown-fields': true,
                  },
                },
              },
            },
          },
        },
      },
      status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
  },
  admission: virtualMachineAdmission,
};

const virtualMachineInstance: ResourceDefinition<VirtualMachineInstance> = {
  group: 'kubevirt.io',
  versions,
  kind: virtualMachineInstances.kind,
  plural: virtualMachineInstances.plural,
  singular: 'virtualmachineinstance',
  shortNames: ['vmi', 'vmis'],
  categories: ['all'],
  namespaced: true,
  selectableFields: ['status.phase', 'status.nodeName'],
  columns: [
    age,
    column('Phase', '.status.phase'),
    column('IP', '.status.interfaces[0].ipAddress'),
    column('NodeName', '.status.nodeName'),
    condition('Ready', 'Ready'),
    condition('Live-Migratable', 'LiveMigratable', 1),
    condition('Paused', 'Paused', 1),
  ],
  schema: {
    type: 'object',
    required: ['spec'],
    properties: {
      spec: {
        type: 'object',
        required: ['domain'],
        'x-kubernetes-preserve-unknown-fields': true,
        properties: {
          domain: {
            type: 'object',
            required: ['devices'],
            'x-kubernetes-preserve-unknown-fields': true,
          },
        },
      },
      status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
  },
  admission: virtualMachineInstanceAdmission,
};

const kubeVirt: ResourceDefinition = {
  group: 'kubevirt.io',
  versions,
  kind: kubeVirts.kind,
  plural: kubeVirts.plural,
  singular: 'kubevirt',
  shortNames: ['kv', 'kvs'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
  columns: [age, column('Phase', '.status.phase')],
};

/** The resources of kubevirt.io that this cluster has; names and columns are KubeVirt's. */
export const kubeVirtDefinitions: readonly ResourceDefinition[] = [
  virtualMachine,
  virtualMachineInstance,
  kubeVirt,
];
