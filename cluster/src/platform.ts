import { cdiRoles } from './cdi/cdiRoles.ts';
import { bindToGroup } from './client/clusterRole.ts';
import { ensure } from './client/ensure.ts';
import type { KubeClient } from './client/KubeClient.ts';
import {
  clusterRoleBindings,
  clusterRoles,
  namespaces,
  roleBindings,
  storageClasses,
} from './client/resources.ts';
import { provisioner } from './hostpath-provisioner/HostpathProvisioner.ts';
import { kubernetesRoles } from './kubernetesRoles.ts';
import { kubeVirtRoles } from './kubevirt/kubeVirtRoles.ts';
import { kubeVirts } from './kubevirt/resources.ts';
import { kubeVirtVersion } from './versions.ts';

/** The StorageClass that virtual machines use unless they name another. */
const virtualizationClass = 'hostpath-virtualization';

/** Makes the objects that an installed KubeVirt and its storage have, where they are missing. */
export async function installPlatform(
  client: KubeClient,
  { readOnlyNamespace }: { readOnlyNamespace: string },
): Promise<void> {
  for (const name of ['kubevirt', readOnlyNamespace]) {
    await ensure(client, namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  await ensure(client, storageClasses, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {
      name: virtualizationClass,
      annotations: {
        'storageclass.kubernetes.io/is-default-class': 'true',
        'storageclass.kubevirt.io/is-default-virt-class': 'true',
      },
    },
    provisioner,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
  });
  for (const role of [...kubernetesRoles, ...kubeVirtRoles, ...cdiRoles]) {
    await ensure(client, clusterRoles, role);
  }
  const everyone = bindToGroup('kubevirt.io:default', 'system:authenticated');
  for (const binding of [bindToGroup('cluster-admin', 'system:masters'), everyone]) {
    await ensure(client, clusterRoleBindings, binding);
  }
  await ensure(client, clusterRoles, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'os-images.kubevirt.io:view' },
    rules: [
      {
        apiGroups: ['', 'cdi.kubevirt.io'],
        resources: ['persistentvolumeclaims', 'datavolumes', 'datasources'],
        verbs: ['get', 'list', 'watch'],
      },
      { apiGroups: ['cdi.kubevirt.io'], resources: ['datavolumes/source'], verbs: ['create'] },
    ],
  });
  await ensure(client, roleBindings, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'os-images.kubevirt.io:view', namespace: readOnlyNamespace },
    subjects: [
      { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'system:authenticated' },
    ],
    roleRef: {
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'ClusterRole',
      name: 'os-images.kubevirt.io:view',
    },
  });
  await installKubeVirt(client);
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
