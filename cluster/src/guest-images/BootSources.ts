import { cronLabel, importName } from '../cdi/data-import-cron/cronObjects.ts';
import { type DataSource, dataSources } from '../cdi/resources.ts';
import type { ImageServer } from '../cdi/ImageServer.ts';
import { ensure } from '../client/ensure.ts';
import type { KubeClient, Draft } from '../client/KubeClient.ts';
import { namespaces } from '../client/resources.ts';
import type { ImportTemplate } from '../hyperconverged/resources.ts';
import {
  clusterInstancetypes,
  clusterPreferences,
  instancetypeLabels,
} from '../kubevirt/instancetype/resources.ts';
import { formatBytes } from '../quantity.ts';
import type { GuestImage } from './guestImages.ts';

/** Where KubeVirt's platforms keep the images that users boot from. */
export const bootSourceNamespace = 'kubevirt-os-images';

/** A registry that no network reaches: this machine makes what is in it. */
const registry = 'docker://guest-images.kubevirt-os-images.svc/';

/** Of the images' DataImportCrons: nobody has a new recipe more often than a new release of virtdeck. */
const schedule = '30 1/12 * * *';

/** Serves the images that this machine makes, under the references that their DataImportCrons name. */
export function guestImageServer(images: readonly GuestImage[]): ImageServer {
  const find = (url: string) => {
    if (!url.startsWith(registry)) return undefined;
    const [, name, digest] =
      /^([\w-]+)(?::latest)?(?:@(sha256:[0-9a-f]{64}))?$/.exec(url.slice(registry.length)) ?? [];
    return images.find((one) => one.name === name && (!digest || one.digest === digest));
  };
  return {
    serves: (url) => url.startsWith(registry),
    digest: (url) => find(url)?.digest,
    async fetch(url, tell, signal) {
      const image = find(url);
      if (!image) throw new Error(`Failed to read registry image: manifest unknown: ${url}`);
      return image.build(tell, signal);
    },
  };
}

/** Keeps the image in the boot source namespace, from its first import on. */
export function importTemplate(image: GuestImage): ImportTemplate {
  return {
    metadata: {
      name: cronName(image),
      labels: defaultsOf(image),
    },
    spec: {
      schedule,
      managedDataSource: image.name,
      garbageCollect: 'Outdated',
      importsToKeep: 2,
      template: {
        spec: {
          source: { registry: { url: registry + image.name, pullMethod: 'node' } },
          storage: { resources: { requests: { storage: formatBytes(image.virtualSizeBytes) } } },
        },
      },
    },
  };
}

const cronName = ({ name }: GuestImage) => `${name}-image-cron`;

/**
 * Makes the DataSources of the images, with what people are told of them, for their DataImportCrons to point
 * at what they import.
 */
export async function publishBootSources(
  client: KubeClient,
  images: readonly GuestImage[],
): Promise<void> {
  await ensure(client, namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: bootSourceNamespace },
  });
  for (const image of images) {
    const draft = dataSourceFor(image);
    await ensure(client, dataSources, draft);
    const found = await client.get(dataSources, {
      namespace: bootSourceNamespace,
      name: image.name,
    });
    if (found.metadata.labels?.[cronLabel]) continue;
    // One from before there were DataImportCrons is handed over.
    const { labels } = draft.metadata;
    await client.patch(dataSources, found.metadata, {
      type: 'merge',
      body: { metadata: { labels } },
    });
  }
}

function dataSourceFor(image: GuestImage): Draft<DataSource> {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataSource',
    metadata: {
      name: image.name,
      namespace: bootSourceNamespace,
      labels: { ...defaultsOf(image), [cronLabel]: cronName(image) },
      annotations: {
        'virtdeck.io/display-name': image.displayName,
        'virtdeck.io/description': image.description,
        'virtdeck.io/minimum-memory': formatBytes(image.minimumMemoryBytes),
        'virtdeck.io/size': formatBytes(image.virtualSizeBytes),
        'virtdeck.io/default-user': image.defaultUser,
      },
    },
    // Its import is told of from the beginning.
    spec: {
      source: {
        pvc: {
          namespace: bootSourceNamespace,
          name: importName({ managedDataSource: image.name }, image.digest),
        },
      },
    },
  };
}

/** The labels from which a VM's `inferFromVolume` takes its instance type and preference. */
const defaultsOf = (image: GuestImage) => ({
  [instancetypeLabels.defaultInstancetype]: image.defaultInstancetype,
  [instancetypeLabels.defaultInstancetypeKind]: clusterInstancetypes.kind,
  [instancetypeLabels.defaultPreference]: image.defaultPreference,
  [instancetypeLabels.defaultPreferenceKind]: clusterPreferences.kind,
});
