import type { Clock } from '../client/Clock.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import type { StorageClass } from '../client/resources.ts';
import { timestamp } from '../client/timestamp.ts';
import { provisioner } from '../hostpath-provisioner/HostpathProvisioner.ts';
import type { VolumeSnapshotClass } from '../hostpath-provisioner/snapshotResources.ts';
import { withCondition } from '../kubevirt/virt-controller/conditions.ts';
import { type StorageProfile, storageProfiles, type StorageProfileSpec } from './resources.ts';

interface Dependencies {
  client: KubeClient;
  classes: Informer<StorageClass>;
  snapshotClasses: Informer<VolumeSnapshotClass>;
  storageProfiles: Informer<StorageProfile>;
  clock: Clock;
}

/** What CDI knows of a provisioner (pkg/storagecapabilities, c07cdb6). */
const known: Record<string, StorageProfileSpec> = {
  [provisioner]: {
    claimPropertySets: [
      { accessModes: ['ReadWriteMany'], volumeMode: 'Filesystem' },
      { accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem' },
      { accessModes: ['ReadWriteMany'], volumeMode: 'Block' },
      { accessModes: ['ReadWriteOnce'], volumeMode: 'Block' },
    ],
    cloneStrategy: 'csi-clone',
    dataImportCronSourceFormat: 'pvc',
  },
};

/** Parameter of a class whose volumes one node alone may use at a time. */
export const singleNode = 'virtdeck.io/single-node';

/** Keeps a StorageProfile for each StorageClass: what its claims should be like unless they say it. */
export class StorageProfileController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** `key` is the class and the profile at once. */
  async reconcile({ name }: ObjectKey): Promise<void> {
    const storageClass = this.#is.classes.get({ name });
    const profile = this.#is.storageProfiles.get({ name });
    if (!storageClass) {
      if (profile) await ignoreGone(this.#is.client.delete(storageProfiles, { name }));
      return;
    }
    if (!profile) {
      await this.#is.client.create(storageProfiles, {
        apiVersion: 'cdi.kubevirt.io/v1beta1',
        kind: 'StorageProfile',
        metadata: { name, labels: { app: 'containerized-data-importer' } },
        spec: {},
      });
      return;
    }
    const status = this.#status(storageClass, profile);
    if (JSON.stringify(status) === JSON.stringify(profile.status)) return;
    await ignoreGone(this.#is.client.updateStatus(storageProfiles, { ...profile, status }));
  }

  #status(
    { metadata, provisioner: by, parameters }: StorageClass,
    profile: StorageProfile,
  ): NonNullable<StorageProfile['status']> {
    const facts = known[by];
    const sets = facts?.claimPropertySets?.filter(
      ({ accessModes }) => !parameters?.[singleNode] || !accessModes.includes('ReadWriteMany'),
    );
    const snapshotClass = this.#is.snapshotClasses.list().find(({ driver }) => driver === by);
    const recognized = facts !== undefined;
    return {
      ...facts,
      ...(sets && { claimPropertySets: sets }),
      ...(snapshotClass && { snapshotClass: snapshotClass.metadata.name }),
      // What people write into the spec goes before what is known.
      ...profile.spec,
      provisioner: by,
      storageClass: metadata.name,
      conditions: withCondition(
        profile.status?.conditions,
        {
          type: 'Recognized',
          status: recognized ? 'True' : 'False',
          reason: recognized ? 'ProvisionerRecognized' : 'ProvisionerNotRecognized',
          message: recognized
            ? 'Provisioner is recognized'
            : `Provisioner ${by} is not recognized: specify the claim property sets`,
        },
        timestamp(this.#is.clock.now()),
      ),
    };
  }
}
