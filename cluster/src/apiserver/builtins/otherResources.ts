import { notImplemented } from '../ApiError.ts';
import { systemUser } from '../auth/UserInfo.ts';
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

const customResourceDefinitionResource = builtin({
  group: 'apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: { status: true },
  columns: [{ name: 'Created At', type: 'date', value: '.metadata.creationTimestamp' }],
  admission: {
    validate({ operation, user }) {
      if (user.username === systemUser.username) return;
      throw notImplemented(
        `${operation} of customresourcedefinitions; the resources that are served are fixed`,
      );
    },
  },
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

/** Kinds of the smaller groups that are only kept and shown. */
export const otherResources: readonly ResourceDefinition[] = [
  leaseResource,
  customResourceDefinitionResource,
  controllerRevisionResource,
  podDisruptionBudgetResource,
];
