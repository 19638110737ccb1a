import type { PriorityClass } from '../../client/resources.ts';
import { invalid } from '../ApiError.ts';
import { ageColumn } from '../printing/ageColumn.ts';
import type { ResourceDefinition } from '../ResourceDefinition.ts';
import { builtin } from './builtin.ts';

const leaseResource = builtin({
  group: 'coordination.k8s.io',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  generation: false,
  columns: [{ name: 'Holder', type: 'string', value: '.spec.holderIdentity' }, ageColumn],
});

const controllerRevisionResource = builtin({
  group: 'apps',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  namespaced: true,
  generation: false,
  columns: [
    {
      name: 'Controller',
      type: 'string',
      value: (object) => {
        const owner = object.metadata.ownerReferences?.find(({ controller }) => controller);
        if (owner === undefined) return '<none>';
        const [group = ''] = owner.apiVersion.includes('/') ? owner.apiVersion.split('/') : [];
        const kind = owner.kind.toLowerCase();
        return `${group === '' ? kind : `${kind}.${group}`}/${owner.name}`;
      },
    },
    { name: 'Revision', type: 'string', value: '.revision' },
    ageColumn,
  ],
});

const podDisruptionBudgetResource = builtin({
  group: 'policy',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  namespaced: true,
  subresources: { status: true },
  columns: [
    { name: 'Min Available', type: 'string', value: '.spec.minAvailable' },
    { name: 'Max Unavailable', type: 'string', value: '.spec.maxUnavailable' },
    { name: 'Allowed Disruptions', type: 'integer', value: '.status.disruptionsAllowed' },
    ageColumn,
  ],
});

/** The classes that every cluster has; their names may not be given to others. */
export const systemPriorities = new Map([
  ['system-node-critical', 2_000_001_000],
  ['system-cluster-critical', 2_000_000_000],
]);
const highestUserPriority = 1_000_000_000;

const priorityClassResource = builtin<PriorityClass>({
  group: 'scheduling.k8s.io',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  shortNames: ['pc'],
  namespaced: false,
  columns: [
    { name: 'Value', type: 'integer', value: '.value' },
    {
      name: 'Global-Default',
      type: 'boolean',
      value: (object) => (object as PriorityClass).globalDefault === true,
    },
    ageColumn,
    { name: 'PreemptionPolicy', type: 'string', value: '.preemptionPolicy' },
  ],
  admission: {
    mutate({ operation, object }) {
      if (operation !== 'DELETE') object.preemptionPolicy ??= 'PreemptLowerPriority';
    },
    validate({ operation, object, oldObject, name }) {
      if (operation === 'DELETE') return;
      if (operation === 'UPDATE' && oldObject.value !== object.value) {
        throw invalid({ group: 'scheduling.k8s.io', kind: 'PriorityClass' }, name, [
          {
            reason: 'FieldValueForbidden',
            message: 'Forbidden: may not be changed in an update.',
            field: 'value',
          },
        ]);
      }
      if (systemPriorities.get(name) === object.value) return;
      if (!name.startsWith('system-') && object.value <= highestUserPriority) return;
      throw invalid({ group: 'scheduling.k8s.io', kind: 'PriorityClass' }, name, [
        {
          reason: 'FieldValueForbidden',
          message: name.startsWith('system-')
            ? 'Forbidden: priority class names with "system-" prefix are reserved for system use only'
            : `Forbidden: maximum allowed value of a user defined priority is ${highestUserPriority}`,
          field: name.startsWith('system-') ? 'metadata.name' : 'value',
        },
      ]);
    },
  },
});

/** Kinds of the smaller groups that are only kept and shown. */
export const otherResources: readonly ResourceDefinition[] = [
  leaseResource,
  controllerRevisionResource,
  podDisruptionBudgetResource,
  priorityClassResource,
];
