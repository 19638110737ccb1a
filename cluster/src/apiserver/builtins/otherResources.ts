import { notImplemented } from '../ApiError.ts';
import { systemUser } from '../auth/UserInfo.ts';
import { ageColumn } from '../printing/ageColumn.ts';
import type { ResourceDefinition } from '../ResourceDefinition.ts';

const v1 = [{ name: 'v1' }] as const;

const leaseResource: ResourceDefinition = {
  group: 'coordination.k8s.io',
  versions: v1,
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  namespaced: true,
  generation: false,
  strategicMerge: true,
  columns: [{ name: 'Holder', type: 'string', value: '.spec.holderIdentity' }, ageColumn],
};

const customResourceDefinitionResource: ResourceDefinition = {
  group: 'apiextensions.k8s.io',
  versions: v1,
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  strategicMerge: true,
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
};

const controllerRevisionResource: ResourceDefinition = {
  group: 'apps',
  versions: v1,
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  singular: 'controllerrevision',
  namespaced: true,
  generation: false,
  strategicMerge: true,
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
};

const podDisruptionBudgetResource: ResourceDefinition = {
  group: 'policy',
  versions: v1,
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  namespaced: true,
  strategicMerge: true,
  subresources: { status: true },
  columns: [
    { name: 'Min Available', type: 'string', value: '.spec.minAvailable' },
    { name: 'Max Unavailable', type: 'string', value: '.spec.maxUnavailable' },
    { name: 'Allowed Disruptions', type: 'integer', value: '.status.disruptionsAllowed' },
    ageColumn,
  ],
};

/** Kinds of the smaller groups that are only kept and shown. */
export const otherResources: readonly ResourceDefinition[] = [
  leaseResource,
  customResourceDefinitionResource,
  controllerRevisionResource,
  podDisruptionBudgetResource,
];
