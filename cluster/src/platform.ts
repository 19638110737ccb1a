import { cdiRoleBindings, cdiRoles } from './cdi/cdiRoles.ts';
import { aGroup, allow, bindRole, clusterRole, readVerbs } from './client/clusterRole.ts';
import { ensure } from './client/ensure.ts';
import { ensureRoles } from './client/ensureRoles.ts';
import type { KubeClient } from './client/KubeClient.ts';
import { csiDrivers, namespaces, priorityClasses, storageClasses } from './client/resources.ts';
import { systemPriorities } from './apiserver/builtins/otherResources.ts';
import { cdiConfigs, cdis } from './cdi/resources.ts';
import { hostPathProvisioners, hyperConvergeds } from './hyperconverged/resources.ts';
import { installComponentWorkloads } from './kubevirt/virt-operator/ComponentInstaller.ts';
import { componentNamespaces } from './kubevirt/virt-operator/components.ts';
import { hostPathProvisioner } from './hostpath-provisioner/HostPathProvisionerController.ts';
import { volumeSnapshotClasses } from './hostpath-provisioner/snapshotResources.ts';
import { aggregateClusterRoles } from './kube-controller-manager/ClusterRoleAggregator.ts';
import {
  hostpathClasses,
  hostpathDriver,
  hostpathSnapshotClass,
} from './hostpath-provisioner/hostpathClasses.ts';
import { commonInstancetypes } from './kubevirt/instancetype/commonInstancetypes.ts';
import { commonPreferences } from './kubevirt/instancetype/commonPreferences.ts';
import { clusterInstancetypes, clusterPreferences } from './kubevirt/instancetype/resources.ts';
import { kubeVirtRoleBindings, kubeVirtRoles } from './kubevirt/kubeVirtRoles.ts';
import { networkUserRoles } from './multus/multusRoles.ts';
import { kubeVirts } from './kubevirt/resources.ts';
import { templateRoles } from './kubevirt/virt-template/templateRoles.ts';

/** Makes the objects that an installed KubeVirt and its storage have, where they are missing. */
export async function installPlatform(
  client: KubeClient,
  { readOnlyNamespace, volumes }: { readOnlyNamespace: string; volumes: string },
): Promise<void> {
  for (const name of [...componentNamespaces, readOnlyNamespace]) {
    await ensure(client, namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  for (const storageClass of hostpathClasses) await ensure(client, storageClasses, storageClass);
  await ensure(client, csiDrivers, hostpathDriver);
  await ensure(client, volumeSnapshotClasses, hostpathSnapshotClass);
  const images = 'os-images.kubevirt.io:view';
  const readImages = clusterRole(images, [
    allow('', ['persistentvolumeclaims'], readVerbs),
    allow('cdi.kubevirt.io', ['datavolumes', 'dataimportcrons', 'datasources'], readVerbs),
    allow('snapshot.storage.k8s.io', ['volumesnapshots'], readVerbs),
    allow('cdi.kubevirt.io', ['datavolumes/source'], ['create']),
  ]);
  await ensureRoles(
    client,
    [...kubeVirtRoles, ...templateRoles, ...cdiRoles, ...networkUserRoles, readImages],
    [
      ...kubeVirtRoleBindings,
      ...cdiRoleBindings,
      bindRole(images, [aGroup('system:authenticated')], { namespace: readOnlyNamespace }),
    ],
  );
  await aggregateClusterRoles(client);
  await installOperators(client);
  await ensure(client, hostPathProvisioners, hostPathProvisioner(volumes));
  for (const type of commonInstancetypes()) await ensure(client, clusterInstancetypes, type);
  for (const preference of commonPreferences())
    await ensure(client, clusterPreferences, preference);
}

/** The objects of the operators; their controllers report in them. */
async function installOperators(client: KubeClient): Promise<void> {
  for (const [name, value] of [
    ...systemPriorities,
    ['kubevirt-cluster-critical', 1_000_000_000],
  ] as const) {
    await ensure(client, priorityClasses, {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name },
      value,
    });
  }
  await ensure(client, kubeVirts, {
    apiVersion: 'kubevirt.io/v1',
    kind: 'KubeVirt',
    metadata: { name: 'kubevirt', namespace: 'kubevirt' },
    spec: {},
  });
  await ensure(client, cdis, {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'CDI',
    metadata: { name: 'cdi' },
    spec: {},
  });
  await ensure(client, cdiConfigs, {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'CDIConfig',
    metadata: { name: 'config', labels: { app: 'containerized-data-importer' } },
    spec: { featureGates: ['HonorWaitForFirstConsumer'] },
  });
  await ensure(client, hyperConvergeds, {
    apiVersion: 'hco.kubevirt.io/v1',
    kind: 'HyperConverged',
    metadata: { name: 'kubevirt-hyperconverged', namespace: 'kubevirt-hyperconverged' },
    spec: {},
  });
  await installComponentWorkloads(client);
}
