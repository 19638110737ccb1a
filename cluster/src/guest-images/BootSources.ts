import { type DataSource, dataSources, type DataVolume, dataVolumes } from '../cdi/resources.ts';
import type { ImageServer } from '../cdi/ImageServer.ts';
import { ensure } from '../client/ensure.ts';
import type { KubeClient, Draft } from '../client/KubeClient.ts';
import { namespaces } from '../client/resources.ts';
import {
  clusterInstancetypes,
  clusterPreferences,
  instancetypeLabels,
} from '../kubevirt/instancetype/resources.ts';
import { formatBytes } from '../quantity.ts';
import type { GuestImage } from './guestImages.ts';

/** Where KubeVirt's platforms keep the images that users boot from. */
export const bootSourceNamespace = 'kubevirt-os-images';

const host = 'http://guest-images.kubevirt-os-images.svc/';
const urlOf = (image: GuestImage) => `${host}${image.name}.qcow2`;

/** Serves the images that this machine makes, under the URLs that their DataVolumes name. */
export function guestImageServer(images: readonly GuestImage[]): ImageServer {
  const find = (url: string) => images.find((image) => urlOf(image) === url);
  return {
    serves: (url) => find(url) !== undefined,
    fetch(url, tell, signal) {
      const image = find(url);
      if (!image) throw new Error(`there is no guest image at ${url}`);
      return image.build(tell, signal);
    },
  };
}

/**
 * Offers the images as boot sources: in the boot source namespace a DataVolume for each, which the import
 * fills, and a DataSource that points at its claim.
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
    await ensure(client, dataVolumes, dataVolumeFor(image));
    await ensure(client, dataSources, dataSourceFor(image));
  }
}

function dataVolumeFor(image: GuestImage): Draft<DataVolume> {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { name: image.name, namespace: bootSourceNamespace, labels: defaultsOf(image) },
    spec: {
      source: { http: { url: urlOf(image) } },
      storage: { resources: { requests: { storage: formatBytes(image.virtualSizeBytes) } } },
    },
  };
}

function dataSourceFor(image: GuestImage): Draft<DataSource> {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataSource',
    metadata: {
      name: image.name,
      namespace: bootSourceNamespace,
      labels: defaultsOf(image),
      annotations: {
        'virtdeck.io/display-name': image.displayName,
        'virtdeck.io/description': image.description,
        'virtdeck.io/minimum-memory': formatBytes(image.minimumMemoryBytes),
        'virtdeck.io/size': formatBytes(image.virtualSizeBytes),
        'virtdeck.io/default-user': image.defaultUser,
      },
    },
    spec: { source: { pvc: { namespace: bootSourceNamespace, name: image.name } } },
  };
}

/** The labels from which a VM's `inferFromVolume` takes its instance type and preference. */
const defaultsOf = (image: GuestImage) => ({
  [instancetypeLabels.defaultInstancetype]: image.defaultInstancetype,
  [instancetypeLabels.defaultInstancetypeKind]: clusterInstancetypes.kind,
  [instancetypeLabels.defaultPreference]: image.defaultPreference,
  [instancetypeLabels.defaultPreferenceKind]: clusterPreferences.kind,
});
