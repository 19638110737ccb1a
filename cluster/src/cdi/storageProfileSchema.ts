import type { JsonSchema } from '../apiserver/ResourceDefinition.ts';

/** The package of types has no model of StorageProfiles; CDI's types.go (c07cdb6). */
const settings: Readonly<Record<string, JsonSchema>> = {
  cloneStrategy: {
    type: 'string',
    description: 'How claims of the class are cloned: copy, snapshot or csi-clone.',
  },
  claimPropertySets: {
    type: 'array',
    description: 'Access modes and volume mode of claims, the preferred ones first.',
    maxItems: 8,
    items: {
      type: 'object',
      required: ['accessModes', 'volumeMode'],
      properties: {
        accessModes: {
          type: 'array',
          maxItems: 4,
          items: { type: 'string' },
          'x-kubernetes-validations': [
            {
              rule: "self.all(am, am in ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'])",
              message: 'Illegal AccessMode',
            },
          ],
        },
        volumeMode: { type: 'string', enum: ['Block', 'Filesystem'] },
      },
    },
  },
  dataImportCronSourceFormat: {
    type: 'string',
    description: 'What DataImportCrons of the class make: pvc or snapshot.',
  },
  snapshotClass: {
    type: 'string',
    description: 'The VolumeSnapshotClass that clones use; one of the provisioner when absent.',
  },
};

export const storageProfileSchema: JsonSchema = {
  type: 'object',
  description: 'What CDI knows of a StorageClass, and what somebody has set instead.',
  properties: {
    spec: { type: 'object', properties: settings },
    status: {
      type: 'object',
      properties: {
        storageClass: { type: 'string' },
        provisioner: { type: 'string' },
        ...settings,
        conditions: {
          type: 'array',
          items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    },
  },
};
