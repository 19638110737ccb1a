import type { V1Volume, V1VolumeStatus } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { EventRecorder } from '../../../client/EventRecorder.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { Informer } from '../../../client/Informer.ts';
import type { KubeClient } from '../../../client/KubeClient.ts';
import { type PersistentVolumeClaim, type Pod, pods } from '../../../client/resources.ts';
import type { VirtualMachineInstance } from '../../resources.ts';
import { isHotpluggable } from '../live-update/hotplugVolumes.ts';
import { claimName } from '../templates.ts';
import { attachmentPod } from './attachmentPod.ts';

interface Dependencies {
  client: KubeClient;
  pods: Informer<Pod>;
  claims: Informer<PersistentVolumeClaim>;
  recorder: EventRecorder;
}

/**
 * Gives each hot-plugged volume of a VMI its attachment pod, and tells how far the volume has come; the rest
 * of the way is virt-handler's. KubeVirt: pkg/virt-controller/watch/vmi/volume-hotplug.go (d923fdb). It has
 * one pod for all volumes and makes it anew with each change; here each volume has its own.
 */
export class VolumeAttachments {
  readonly #is: Dependencies;
  /** Pods made here that may not be seen yet: by launcher and volume. */
  readonly #made = new Set<string>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** Gives `status.volumeStatus` as it should be. `volumes` is what is known of them so far. */
  async sync(
    vmi: VirtualMachineInstance,
    launcher: Pod,
    volumes: readonly V1VolumeStatus[],
  ): Promise<V1VolumeStatus[]> {
    const attachments = this.#is.pods.ownedBy(launcher.metadata.uid);
    const podOf = (volume: string) =>
      attachments.find(({ spec, metadata }) =>
        Boolean(!metadata.deletionTimestamp && spec.volumes?.some(({ name }) => name === volume)),
      );
    const result: V1VolumeStatus[] = [];
    for (const status of volumes) {
      const volume = vmi.spec.volumes?.find(({ name }) => name === status.name);
      const pod = podOf(status.name);
      const claim = volume && pluggedClaim(volume);
      if (claim !== undefined && !this.#cameWithPod(launcher, status.name)) {
        result.push(await this.#coming(vmi, launcher, status, claim, pod));
      } else if (volume) {
        // Those that can be unplugged are marked, also when they were there from the start.
        const { phase = 'Ready', hotplugVolume = {} } = status;
        result.push(isHotpluggable(volume) ? { ...status, phase, hotplugVolume } : status);
      } else if (status.phase === 'UnMountedFromPod' || !status.hotplugVolume) {
        this.#made.delete(`${launcher.metadata.uid}/${status.name}`);
        if (pod) await ignoreGone(this.#is.client.delete(pods, pod.metadata));
      } else {
        result.push({ ...status, ...(status.phase === 'Ready' && { phase: 'Detaching' }) });
      }
    }
    return result;
  }

  /** What was there when the guest started is part of its launcher pod. */
  #cameWithPod(launcher: Pod, volume: string): boolean {
    return launcher.spec.volumes?.some(({ name }) => name === volume) ?? false;
  }

  async #coming(
    vmi: VirtualMachineInstance,
    launcher: Pod,
    status: V1VolumeStatus,
    claim: string,
    pod: Pod | undefined,
  ): Promise<V1VolumeStatus> {
    const { namespace } = vmi.metadata;
    const bound = this.#is.claims.get({ namespace, name: claim })?.status?.phase === 'Bound';
    const at = (phase: string, reason: string, message: string): V1VolumeStatus => ({
      ...status,
      hotplugVolume: {
        ...(pod && { attachPodName: pod.metadata.name, attachPodUID: pod.metadata.uid }),
      },
      ...(status.phase === phase || isFurther(status) ? {} : { phase, reason, message }),
    });
    if (!bound) return at('Pending', 'PVCNotReady', `PVC ${claim} not bound`);
    if (!pod) {
      await this.#create(vmi, launcher, status.name, claim);
      return at('Bound', 'PVCNotReady', 'PVC is in phase Bound');
    }
    if (pod.status?.phase !== 'Running') {
      return at('Bound', 'PVCNotReady', 'PVC is in phase Bound');
    }
    const text = `Created hotplug attachment pod ${pod.metadata.name}, for volume ${status.name}`;
    return at('AttachedToNode', 'SuccessfulCreate', text);
  }

  async #create(
    vmi: VirtualMachineInstance,
    launcher: Pod,
    volume: string,
    claim: string,
  ): Promise<void> {
    const id = `${launcher.metadata.uid}/${volume}`;
    if (this.#made.has(id)) return;
    this.#made.add(id);
    try {
      const pod = await this.#is.client.create(pods, attachmentPod(launcher, volume, claim));
      const text = `Created attachment pod ${pod.metadata.name}`;
      this.#is.recorder.normal(vmi, 'SuccessfulCreate', text);
    } catch (error) {
      this.#made.delete(id);
      throw error;
    }
  }
}

/** The claim of a volume that comes to a guest that runs. */
function pluggedClaim(volume: V1Volume): string | undefined {
  return volume.memoryDump?.claimName ?? (isHotpluggable(volume) ? claimName(volume) : undefined);
}

/** Has virt-handler taken over? */
const isFurther = ({ phase }: V1VolumeStatus) =>
  phase === 'Ready' || phase?.startsWith('MemoryDump') === true;
