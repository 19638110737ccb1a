import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { type ApiServer, createApiServer } from './apiserver/createApiServer.ts';
import { issuer } from './apiserver/auth/ServiceAccountTokens.ts';
import type { Authenticate, UserInfo } from './apiserver/auth/UserInfo.ts';
import { signingKey } from './apiserver/auth/signingKey.ts';
import { podEviction } from './apiserver/builtins/podEviction.ts';
import { podResource } from './apiserver/builtins/podResource.ts';
import { cdiDefinitions } from './cdi/definitions.ts';
import { serverCertificate } from './apiserver/http/certificate.ts';
import { simulatedImages } from './cdi/DiskImages.ts';
import { uploadGroup } from './cdi/uploadproxy/uploadGroup.ts';
import { UploadTokens } from './cdi/uploadproxy/UploadTokens.ts';
import { NetworkGuard } from './cdi/importer/NetworkGuard.ts';
import { Qcow2Images } from './hostpath-provisioner/Qcow2Images.ts';
import { type Clock, realClock } from './client/Clock.ts';
import { ComponentLogs } from './component-logs/ComponentLogs.ts';
import { loggedAdmission } from './component-logs/loggedAdmission.ts';
import { loggedGroup } from './component-logs/loggedGroup.ts';
import type { KubeClient } from './client/KubeClient.ts';
import {
  bootSourceNamespace,
  guestImageServer,
  importTemplate,
  publishBootSources,
} from './guest-images/BootSources.ts';
import type { GuestImage } from './guest-images/guestImages.ts';
import { kubeVirtDefinitions } from './kubevirt/definitions.ts';
import { listedDefinitions } from './kubevirt/listedDefinitions.ts';
import { platformDefinitions } from './hyperconverged/definitions.ts';
import { snapshotDefinitions } from './kubevirt/snapshotDefinitions.ts';
import { templateDefinitions } from './kubevirt/virt-template/definitions.ts';
import { templateGroup } from './kubevirt/virt-template/templateGroup.ts';
import { simulatedContainerImages } from './kubelet/images/ContainerImages.ts';
import { PulledImages } from './kubelet/images/PulledImages.ts';
import { PodProcesses } from './kubelet/PodProcesses.ts';
import { podLogs } from './kubelet/podLogs.ts';
import { admitEviction } from './kubevirt/virt-api/admitEviction.ts';
import { subresourceGroups } from './kubevirt/virt-api/subresources/routes.ts';
import type { VirtualMachineInstance } from './kubevirt/resources.ts';
import type { Guest, GuestRuntime } from './kubevirt/virt-launcher/GuestRuntime.ts';
import { ApiConnections } from './monitoring/ApiConnections.ts';
import { Monitoring } from './monitoring/Monitoring.ts';
import { installMonitoring, servicesWithProxy } from './monitoring/prometheusService.ts';
import { publishDefinitions } from './definitionObjects.ts';
import { installComponents } from './installComponents.ts';
import { installPlatform } from './platform.ts';
import { apiTarget } from './control-plane/connectMonitoring.ts';
import { startControllers } from './control-plane/startControllers.ts';
import { clusterVersion } from './versions.ts';

/** As long as a pod's token is good where it is not renewed (Kubernetes: ExpirationExtensionSeconds, v1.33). */
const podTokenSeconds = 365 * 86_400;

export interface ClusterOptions {
  /** Everything that lasts is in this folder: objects, disks, images, guests. */
  dataDir: string;
  /** How many nodes there are; all of them are this machine. */
  nodes: number;
  runtime: GuestRuntime;
  /** Images that are offered as boot sources. */
  guestImages: readonly GuestImage[];
  authenticate: Authenticate;
  clock?: Clock;
  /** The program that keeps metrics; absent: none are kept. */
  prometheus?: { program: string | undefined; intervalSeconds?: number };
  /**
   * Called when the API can be listened to, while the controllers do not have their first lists yet: as on
   * any cluster, clients need not wait for these.
   */
  serve?: (api: ApiServer) => Promise<void>;
  /** How the control plane reaches the API; absent: in process, with the rights of the server. */
  controlPlane?: (api: ApiServer) => Promise<(identity: UserInfo) => KubeClient>;
  log: (message: string) => void;
}

export interface Cluster {
  readonly api: ApiServer;
  /** No import follows a URL to this TCP port of this machine. */
  reservePort(port: number): void;
  /** How many guests run. */
  running(): number;
  /** Cuts a node off, as when its machine is lost: no heartbeat, no kubelet, no virt-handler. Guests run on. */
  stopNode(name: string): Promise<void>;
  /** Brings a node back that was stopped. */
  startNode(name: string): Promise<void>;
  /** The guest of a VMI that runs. */
  guestOf(vmi: VirtualMachineInstance): Guest | undefined;
  /**
   * Ends the control plane. Guests are powered down within `graceMs` and come back with the next start;
   * with `leaveGuests` they go on meanwhile.
   */
  close(how: { leaveGuests: boolean; graceMs: number }): Promise<void>;
}

/** Brings up a cluster on this machine: the API, the control plane of KubeVirt and CDI, and nodes. */
export async function createCluster(options: ClusterOptions): Promise<Cluster> {
  const { dataDir, log } = options;
  const clock = options.clock ?? realClock;
  await mkdir(join(dataDir, 'volumes'), { recursive: true, mode: 0o700 });
  const server = guestImageServer(options.guestImages);
  const guard = new NetworkGuard();
  const pki = join(dataDir, 'pki');
  const uploadTokens = new UploadTokens(await signingKey(pki, 'cdi-upload'), clock);
  const connections = new ApiConnections(clock);
  const logs = new ComponentLogs({ folder: join(dataDir, 'logs'), clock, onError: log });
  const [virtApi, cdiApi] = [logs.of('virt-api'), logs.of('cdi-apiserver')];
  const templateApi = logs.of('virt-template-apiserver');
  const definitions = [
    ...[...kubeVirtDefinitions, ...snapshotDefinitions, ...listedDefinitions].map((one) =>
      loggedAdmission(one, virtApi),
    ),
    ...templateDefinitions.map((one) => loggedAdmission(one, templateApi)),
    ...cdiDefinitions.map((one) => loggedAdmission(one, cdiApi)),
    ...platformDefinitions.map((one) => loggedAdmission(one, logs.of('hco-operator'))),
  ];
  const parts: {
    controllers?: Awaited<ReturnType<typeof startControllers>>;
    monitoring?: Monitoring;
  } = {};
  const api = await createApiServer({
    dataDir,
    resources: [
      ...definitions,
      {
        ...podResource,
        connect: {
          log: podLogs((pod, container) => parts.controllers?.logFileOf(pod, container)),
          eviction: podEviction(admitEviction),
        },
      },
      servicesWithProxy(() => parts.monitoring),
    ],
    aggregated: [
      loggedGroup(uploadGroup(uploadTokens), cdiApi),
      ...subresourceGroups(
        { guestOf: (vmi) => parts.controllers?.guestOf(vmi) },
        clusterVersion,
        connections,
      ).map((group) => loggedGroup(group, virtApi)),
      loggedGroup(templateGroup('v1beta1'), templateApi),
      loggedGroup(templateGroup('v1alpha1'), templateApi),
    ],
    authenticate: options.authenticate,
    now: () => new Date(clock.now()),
    log,
  });
  await publishDefinitions(api.client, definitions);
  await installComponents(api.client);
  await installPlatform(api.client, {
    readOnlyNamespace: bootSourceNamespace,
    volumes: join(dataDir, 'volumes'),
  });
  await publishBootSources(api.client, options.guestImages);
  const served: ApiServer = {
    ...api,
    async listen(where) {
      const opened = await api.listen(where);
      guard.reserve(opened.port);
      return opened;
    },
  };
  await options.serve?.(served);
  const isSimulated = options.runtime.name === 'simulated';
  const qcow2 = new Qcow2Images(dataDir);
  // No controller has touched a disk yet.
  if (!isSimulated) await qcow2.recover();
  const controllers = await startControllers({
    resources: () => api.resources(),
    clientFor: (await options.controlPlane?.(served)) ?? (() => api.client),
    dataDir,
    nodes: options.nodes,
    runtime: options.runtime,
    images: isSimulated ? simulatedImages : qcow2,
    containerImages: isSimulated ? simulatedContainerImages : new PulledImages(dataDir, guard),
    processes: new PodProcesses(dataDir),
    server,
    bootImages: {
      templates: options.guestImages.map(importTemplate),
      namespace: bootSourceNamespace,
    },
    guard,
    uploadTokens,
    signSecretToken: (...of) => api.tokens.issueForSecret(...of),
    issueToken: (namespace, account) =>
      api.tokens.issue({
        namespace,
        account,
        audiences: [issuer],
        expirationSeconds: podTokenSeconds,
      }).token,
    certificateAuthority: api.certificateAuthority ?? '',
    certificate: await serverCertificate(pki),
    clock,
    logs,
    log,
  });
  parts.controllers = controllers;
  guard.reserve(controllers.uploadPort);
  guard.reserve(controllers.exportPort);
  if (options.prometheus) {
    await installMonitoring(api.client);
    parts.monitoring = new Monitoring({
      intervalSeconds: isSimulated ? 60 : 15,
      ...options.prometheus,
      dataDir,
      targets: [...controllers.metrics, apiTarget(connections)],
      log,
    });
  }

  const nodeOf = (name: string) => {
    const node = controllers.node(name);
    if (!node) throw new Error(`this cluster has no node ${name}`);
    return node;
  };
  return {
    api: served,
    reservePort: (port) => {
      guard.reserve(port);
    },
    running: () => controllers.running(),
    guestOf: (vmi) => controllers.guestOf(vmi),
    stopNode: (name) => nodeOf(name).stop(),
    startNode: (name) => nodeOf(name).start(),
    async close(how) {
      await Promise.all([controllers.close(how), parts.monitoring?.close()]);
      await api.close();
    },
  };
}
