import { cdiRoleBindings, cdiRoles } from './cdi/cdiRoles.ts';
import { aGroup, allow, bindRole, clusterRole, readVerbs } from './client/clusterRole.ts';
import { ensure } from './client/ensure.ts';
import { ensureRoles } from './client/ensureRoles.ts';
import type { KubeClient } from './client/KubeClient.ts';
import { namespaces, storageClasses } from './client/resources.ts';
import { aggregateClusterRoles } from './kube-controller-manager/ClusterRoleAggregator.ts';
import { hostpathClasses } from './hostpath-provisioner/hostpathClasses.ts';
import { commonInstancetypes } from './kubevirt/instancetype/commonInstancetypes.ts';
import { commonPreferences } from './kubevirt/instancetype/commonPreferences.ts';
import { clusterInstancetypes, clusterPreferences } from './kubevirt/instancetype/resources.ts';
import { kubeVirtRoleBindings, kubeVirtRoles } from './kubevirt/kubeVirtRoles.ts';
import { kubeVirts } from './kubevirt/resources.ts';
import { kubeVirtVersion } from './versions.ts';

/** Makes the objects that an installed KubeVirt and its storage have, where they are missing. */
export async function installPlatform(
  client: KubeClient,
  { readOnlyNamespace }: { readOnlyNamespace: string },
): Promise<void> {
  for (const name of ['kubevirt', readOnlyNamespace]) {
    await ensure(client, namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  for (const storageClass of hostpathClasses) await ensure(client, storageClasses, storageClass);
  const images = 'os-images.kubevirt.io:view';
  const readImages = clusterRole(images, [
    allow('', ['persistentvolumeclaims'], readVerbs),
    allow('cdi.kubevirt.io', ['datavolumes', 'datasources'], readVerbs),
    allow('cdi.kubevirt.io', ['datavolumes/source'], ['create']),
  ]);
  await ensureRoles(
    client,
    [...kubeVirtRoles, ...cdiRoles, readImages],
    [
      ...kubeVirtRoleBindings,
      ...cdiRoleBindings,
      bindRole(images, [aGroup('system:authenticated')], { namespace: readOnlyNamespace }),
    ],
  );
  await aggregateClusterRoles(client);
  await installKubeVirt(client);
  for (const type of commonInstancetypes()) await ensure(client, clusterInstancetypes, type);
  for (const preference of commonPreferences())
    await ensure(client, clusterPreferences, preference);
}

async function installKubeVirt(client: KubeClient): Promise<void> {
  await ensure(client, kubeVirts, {
    apiVersion: 'kubevirt.io/v1',
    kind: 'KubeVirt',
    metadata: { name: 'kubevirt', namespace: 'kubevirt' },
    spec: {},
  });
  await client.patch(
    kubeVirts,
    { name: 'kubevirt', namespace: 'kubevirt' },
    {
      type: 'merge',
      body: {
        status: {
          phase: 'Deployed',
          observedKubeVirtVersion: kubeVirtVersion,
          targetKubeVirtVersion: kubeVirtVersion,
          defaultArchitecture: 'amd64',
          conditions: [
            {
              type: 'Available',
              status: 'True',
              reason: 'AllComponentsReady',
              message: 'All components are ready.',
            },
          ],
        },
      },
    },
    { subresource: 'status' },
  );
}
