import {
  cdiConfigs,
  cdis,
  dataImportCrons,
  dataSources,
  dataVolumes,
  storageProfiles,
} from '../cdi/resources.ts';
import {
  volumeCloneSources,
  volumeImportSources,
  volumeUploadSources,
} from '../cdi/populators/resources.ts';
import {
  volumeSnapshotClasses,
  volumeSnapshotContents,
  volumeSnapshots,
} from '../hostpath-provisioner/snapshotResources.ts';
import { vmClones } from '../kubevirt/virt-controller/clone/resources.ts';
import { vmExports } from '../kubevirt/virt-controller/export/resources.ts';
import {
  vmRestores,
  vmSnapshotContents,
  vmSnapshots,
} from '../kubevirt/virt-controller/snapshot/resources.ts';
import { virtualMachineTemplates } from '../kubevirt/virt-template/resources.ts';
import type { Clock } from '../client/Clock.ts';
import { Informer } from '../client/Informer.ts';
import type { KubeClient, KubeObject, ResourceRef } from '../client/KubeClient.ts';
import {
  clusterRoles,
  configMaps,
  controllerRevisions,
  cronJobs,
  daemonSets,
  deployments,
  endpoints,
  endpointSlices,
  events,
  jobs,
  leases,
  namespaces,
  networkPolicies,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  type Pod,
  podDisruptionBudgets,
  pods,
  replicaSets,
  resourceQuotas,
  secrets,
  serviceAccounts,
  services,
  statefulSets,
  storageClasses,
} from '../client/resources.ts';
import {
  kubeVirts,
  migrationPolicies,
  names,
  virtualMachineInstanceMigrations,
  virtualMachineInstanceReplicaSets,
  virtualMachineInstances,
  virtualMachinePools,
  virtualMachines,
} from '../kubevirt/resources.ts';
import type { VirtualMachineInstance } from '../kubevirt/resources.ts';
import { populatorOf } from '../cdi/populators/resources.ts';
import { hostPathProvisioners, hyperConvergeds } from '../hyperconverged/resources.ts';
import { networkAttachments } from '../multus/resources.ts';
import { serviceNameLabel } from '../kube-controller-manager/endpoints/serviceEndpoints.ts';
import { mountedClaim } from '../kubevirt/virt-controller/templates.ts';

/** Local copies of everything that the control plane looks at, shared by all of its parts. */
export type Informers = ReturnType<typeof makeInformers>;

export interface InformerOptions {
  clock: Clock;
  log: (message: string) => void;
  /** Everything that the API serves at the moment. */
  resources: () => readonly ResourceRef[];
}

export function makeInformers(
  client: KubeClient,
  { clock, log }: Pick<InformerOptions, 'clock' | 'log'>,
) {
  const common = { clock, log };
  return {
    vms: new Informer(client, virtualMachines, {
      ...common,
      indexes: { volume: (vm) => volumesOf(vm.metadata, vm.spec.template.spec) },
    }),
    vmis: new Informer(client, virtualMachineInstances, {
      ...common,
      indexes: {
        volume: (vmi) => volumesOf(vmi.metadata, vmi.spec),
        node: ({ status }) => (status?.nodeName ? [status.nodeName] : []),
      },
    }),
    pods: new Informer(client, pods, {
      ...common,
      indexes: {
        createdBy: (pod) => [pod.metadata.labels?.[names.createdBy] ?? ''],
        claim: claimsOf,
        node: ({ spec }) => (spec.nodeName ? [spec.nodeName] : []),
      },
    }),
    migrations: new Informer(client, virtualMachineInstanceMigrations, {
      ...common,
      indexes: {
        vmi: ({ metadata, spec }) => [`${metadata.namespace ?? ''}/${spec.vmiName ?? ''}`],
      },
    }),
    pools: new Informer(client, virtualMachinePools, common),
    vmiReplicaSets: new Informer(client, virtualMachineInstanceReplicaSets, common),
    networkAttachments: new Informer(client, networkAttachments, common),
    policies: new Informer(client, migrationPolicies, common),
    kubeVirts: new Informer(client, kubeVirts, common),
    hyperConvergeds: new Informer(client, hyperConvergeds, common),
    hostPathProvisioners: new Informer(client, hostPathProvisioners, common),
    cdis: new Informer(client, cdis, common),
    cdiConfigs: new Informer(client, cdiConfigs, common),
    nodes: new Informer(client, nodes, common),
    leases: new Informer(client, leases, common),
    claims: new Informer(client, persistentVolumeClaims, {
      ...common,
      indexes: {
        // Those that wait for a populator, by namespace.
        unfilled: (claim) =>
          claim.status?.phase !== 'Bound' && populatorOf(claim)
            ? [claim.metadata.namespace ?? '']
            : [],
      },
    }),
    volumes: new Informer(client, persistentVolumes, {
      ...common,
      indexes: { claim: ({ spec }) => (spec.claimRef?.uid ? [spec.claimRef.uid] : []) },
    }),
    classes: new Informer(client, storageClasses, common),
    dataImportCrons: new Informer(client, dataImportCrons, common),
    importSources: new Informer(client, volumeImportSources, common),
    uploadSources: new Informer(client, volumeUploadSources, common),
    cloneSources: new Informer(client, volumeCloneSources, common),
    dataVolumes: new Informer(client, dataVolumes, {
      ...common,
      indexes: {
        source: ({ spec: { source, sourceRef }, metadata }) => {
          const from = source?.pvc ?? source?.snapshot ?? sourceRef;
          return from ? [`${from.namespace ?? metadata.namespace ?? ''}/${from.name}`] : [];
        },
      },
    }),
    dataSources: new Informer(client, dataSources, {
      ...common,
      indexes: {
        source: ({ spec: { source } }) => {
          const from = source.pvc ?? source.snapshot ?? source.dataSource;
          return from ? [`${from.namespace}/${from.name}`] : [];
        },
      },
    }),
    storageProfiles: new Informer(client, storageProfiles, common),
    volumeSnapshots: new Informer(client, volumeSnapshots, common),
    snapshotContents: new Informer(client, volumeSnapshotContents, common),
    vmSnapshots: new Informer(client, vmSnapshots, {
      ...common,
      indexes: {
        source: ({ metadata, spec }) => [`${metadata.namespace ?? ''}/${spec.source.name}`],
      },
    }),
    vmSnapshotContents: new Informer(client, vmSnapshotContents, common),
    vmRestores: new Informer(client, vmRestores, common),
    vmTemplates: new Informer(client, virtualMachineTemplates, common),
    vmClones: new Informer(client, vmClones, {
      ...common,
      indexes: {
        vm: ({ metadata: { namespace = '' }, spec: { source, target } }) => [
          `${namespace}/${source.name}`,
          `${namespace}/${target?.name ?? ''}`,
        ],
      },
    }),
    vmExports: new Informer(client, vmExports, {
      ...common,
      indexes: {
        source: ({ metadata, spec }) => [`${metadata.namespace ?? ''}/${spec.source.name}`],
      },
    }),
    snapshotClasses: new Informer(client, volumeSnapshotClasses, common),
    namespaces: new Informer(client, namespaces, common),
    configMaps: new Informer(client, configMaps, common),
    secrets: new Informer(client, secrets, common),
    services: new Informer(client, services, common),
    endpoints: new Informer(client, endpoints, common),
    endpointSlices: new Informer(client, endpointSlices, {
      ...common,
      indexes: {
        service: ({ metadata }) => [
          `${metadata.namespace ?? ''}/${metadata.labels?.[serviceNameLabel] ?? ''}`,
        ],
      },
    }),
    networkPolicies: new Informer(client, networkPolicies, common),
    serviceAccounts: new Informer(client, serviceAccounts, common),
    controllerRevisions: new Informer(client, controllerRevisions, common),
    clusterRoles: new Informer(client, clusterRoles, common),
    resourceQuotas: new Informer(client, resourceQuotas, common),
    podDisruptionBudgets: new Informer(client, podDisruptionBudgets, common),
    deployments: new Informer(client, deployments, common),
    replicaSets: new Informer(client, replicaSets, common),
    statefulSets: new Informer(client, statefulSets, common),
    daemonSets: new Informer(client, daemonSets, common),
    jobs: new Informer(client, jobs, common),
    cronJobs: new Informer(client, cronJobs, common),
    events: new Informer(client, events, common),
  };
}

const claimsOf = ({ metadata, spec }: Pod) =>
  (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim ? [`${metadata.namespace ?? ''}/${persistentVolumeClaim.claimName}`] : [],
  );

function volumesOf(
  { namespace = '' }: KubeObject['metadata'],
  spec: VirtualMachineInstance['spec'] | undefined,
): string[] {
  return (spec?.volumes ?? []).flatMap((volume) => {
    const claim = mountedClaim(volume) ?? volume.memoryDump?.claimName;
    return claim ? [`${namespace}/${claim}`] : [];
  });
}
