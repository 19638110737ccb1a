import { isDeepStrictEqual } from 'node:util';

import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { KubeClient } from '../../../client/KubeClient.ts';
import {
  names,
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
} from '../../resources.ts';
import { withoutMemoryDumps } from '../memorydump/memoryDumpVolume.ts';
import { newInstance } from '../newInstance.ts';
import { type LiveUpdate, liveUpdate, notLiveUpdatable } from './liveUpdate.ts';
import { startSpec } from './startRevision.ts';

/** Brings changes of a VM into its instance that runs, as far as they need no restart. */
export class LiveUpdater {
  readonly #client: KubeClient;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** Gives what could not be done now, and why the VM needs a restart; `Stage` brings in nothing. */
  async sync(
    vm: VirtualMachine,
    vmi: VirtualMachineInstance | undefined,
    rollout: 'LiveUpdate' | 'Stage',
  ): Promise<Pick<LiveUpdate, 'restart' | 'failure'>> {
    const phase = vmi?.status?.phase;
    if (!vmi || vmi.metadata.deletionTimestamp || phase === 'Succeeded' || phase === 'Failed')
      return {};
    const generation = String(vm.metadata.generation ?? 1);
    if (vmi.metadata.annotations?.[names.vmGeneration] === generation) return {};
    const { namespace } = vm.metadata;
    const before = await startSpec(this.#client, namespace, vmi.status?.virtualMachineRevisionName);
    if (!before) return {};
    const isSame = sameTemplate(before, vm.spec);
    const started = await newInstance(this.#client, { ...vm, spec: before });
    const wanted = isSame ? started : await newInstance(this.#client, vm);
    if (rollout === 'Stage' && !isSame) {
      const same = isDeepStrictEqual(started.spec, wanted.spec);
      return same ? {} : { restart: notLiveUpdatable };
    }
    // What was changed live and is as before again has to be changed back.
    const { spec, ...rest } = liveUpdate(started.spec, wanted.spec, vmi);
    const isDone = isSame && rest.restart === undefined && rest.failure === undefined;
    if (isDone || !isDeepStrictEqual(spec, vmi.spec))
      await this.#write(vmi, spec, isDone ? generation : undefined);
    return rest;
  }

  async #write(
    vmi: VirtualMachineInstance,
    spec: VirtualMachineInstance['spec'],
    generation?: string,
  ): Promise<void> {
    const annotations = {
      ...vmi.metadata.annotations,
      ...(generation !== undefined && { [names.vmGeneration]: generation }),
    };
    await ignoreGone(
      this.#client.update(virtualMachineInstances, {
        ...vmi,
        metadata: { ...vmi.metadata, annotations },
        spec,
      }),
    );
  }
}

const sameTemplate = (a: VirtualMachine['spec'], b: VirtualMachine['spec']) =>
  isDeepStrictEqual(ofGuest(a.template), ofGuest(b.template)) &&
  isDeepStrictEqual(a.instancetype, b.instancetype) &&
  isDeepStrictEqual(a.preference, b.preference);

const ofGuest = ({ metadata, spec }: VirtualMachine['spec']['template']) => ({
  metadata,
  spec: spec && withoutMemoryDumps(spec),
});
