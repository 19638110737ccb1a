import type { UserInfo } from '../apiserver/auth/UserInfo.ts';
import type { DiskImages } from '../cdi/DiskImages.ts';
import type { NetworkGuard } from '../cdi/importer/NetworkGuard.ts';
import type { UploadTokens } from '../cdi/uploadproxy/UploadTokens.ts';
import type { ImageServer } from '../cdi/ImageServer.ts';
import type { GuestNetworks } from '../cni/GuestNetworks.ts';
import type { ComponentLog, ComponentLogs } from '../component-logs/ComponentLogs.ts';
import type { ImportTemplate } from '../hyperconverged/resources.ts';
import type { Clock } from '../client/Clock.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import type { KubeClient, ObjectKey, ResourceRef } from '../client/KubeClient.ts';
import type { Reconciler, ReconcileResult } from '../client/Reconciler.ts';
import type { ContainerImages } from '../kubelet/images/ContainerImages.ts';
import type { PodProcesses } from '../kubelet/PodProcesses.ts';
import type { SignSecretToken } from '../kube-controller-manager/TokensController.ts';
import type { RestRequests } from '../monitoring/RestRequests.ts';
import type { Health } from './Health.ts';
import type { InformerSets } from './InformerSets.ts';
import type { VirtualMachineInstance } from '../kubevirt/resources.ts';
import type { Guest, GuestRuntime } from '../kubevirt/virt-launcher/GuestRuntime.ts';

export interface ControllerOptions {
  /** Everything that the API serves at the moment. */
  resources: () => readonly ResourceRef[];
  /** The API as a part of the control plane uses it; see identities.ts. */
  clientFor: (identity: UserInfo) => KubeClient;
  dataDir: string;
  nodes: number;
  runtime: GuestRuntime;
  images: DiskImages;
  containerImages: ContainerImages;
  processes: PodProcesses;
  server: ImageServer;
  /** The DataImportCrons of the images that come with this cluster, and where they are kept. */
  bootImages: { templates: readonly ImportTemplate[]; namespace: string };
  guard: NetworkGuard;
  uploadTokens: UploadTokens;
  signSecretToken: SignSecretToken;
  /** A token of a service account, as a kubelet gets one for a pod. */
  issueToken: (namespace: string, account: { name: string; uid: string }) => string;
  /** PEM that clients verify the API server by. */
  certificateAuthority: string;
  /** What servers for users of this machine show, in PEM; that authority signed it. */
  certificate: { cert: string; key: string };
  clock: Clock;
  /** Where each component logs what it does. */
  logs: ComponentLogs;
  /** What went wrong, of whatever component. */
  log: (message: string) => void;
}

/** Makes a work queue that is closed with the control plane. */
export type Queue = (
  name: string,
  reconcile: (key: ObjectKey) => Promise<ReconcileResult> | Promise<void>,
  concurrency?: number,
) => Reconciler;

/** Makes a recorder of events for one part. */
export type Recorders = (client: KubeClient, component: string, host?: string) => EventRecorder;

/** What the parts are connected with. */
export interface Wiring {
  options: ControllerOptions;
  informers: InformerSets;
  queue: Queue;
  recorder: Recorders;
  networks: GuestNetworks;
  /** The log of the component that is connected. */
  log: ComponentLog;
  /** The same for another component, or for its part on a node: it logs by its own name. */
  as: (component: string, node?: string) => Wiring;
  /** The requests to the API of a component, or of its part on a node (`virt-handler-node-1`). */
  requests: (part: string) => RestRequests;
  /** Since when this program runs, and whether all of its parts work by now. */
  health: Health;
  /** The guest of a VMI that runs, on whatever node. */
  guestOf: (vmi: VirtualMachineInstance) => Guest | undefined;
}
