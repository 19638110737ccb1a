import { isDeepStrictEqual } from 'node:util';

import type { Clock } from '../../../client/Clock.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { Informer } from '../../../client/Informer.ts';
import type { KubeClient } from '../../../client/KubeClient.ts';
import type { PersistentVolumeClaim } from '../../../client/resources.ts';
import { timestamp } from '../../../client/timestamp.ts';
import {
  names,
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
} from '../../resources.ts';
import { withoutMemoryDumps } from '../memorydump/memoryDumpVolume.ts';
import { newInstance } from '../newInstance.ts';
import { type LiveUpdate, liveUpdate, notLiveUpdatable } from './liveUpdate.ts';
import { updateVolumes, withClaimsOf } from './migrateVolumes.ts';
import { startSpec } from './startRevision.ts';

interface Dependencies {
  client: KubeClient;
  claims: Informer<PersistentVolumeClaim>;
  clock: Clock;
}

/** Brings changes of a VM into its instance that runs, as far as they need no restart. */
export class LiveUpdater {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
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
    const before = await startSpec(
      this.#is.client,
      namespace,
      vmi.status?.virtualMachineRevisionName,
    );
    if (!before) return {};
    const isSame = sameTemplate(before, vm.spec);
    const started = await newInstance(this.#is.client, { ...vm, spec: before });
    const wanted = isSame ? started : await newInstance(this.#is.client, vm);
    if (rollout === 'Stage' && !isSame) {
      const same = isDeepStrictEqual(started.spec, wanted.spec);
      return same ? {} : { restart: notLiveUpdatable };
    }
    // What was changed live and is as before again has to be changed back.
    const base = withClaimsOf(started.spec, wanted.spec);
    const { spec, ...rest } = liveUpdate(base, wanted.spec, vmi);
    const moved = rest.restart === undefined && this.#volumes(vm, { ...vmi, spec }, wanted.spec);
    const { vmi: moving, ...outcome } = moved || {};
    const update = { ...rest, ...outcome };
    const isDone = isSame && update.restart === undefined && update.failure === undefined;
    const isChanged = moving !== undefined || !isDeepStrictEqual(spec, vmi.spec);
    const next = moving ?? { ...vmi, spec };
    if (isDone || isChanged) await this.#write(next, isDone ? generation : undefined);
    return update;
  }

  #volumes(
    vm: VirtualMachine,
    vmi: VirtualMachineInstance,
    wanted: VirtualMachineInstance['spec'],
  ) {
    const { namespace } = vm.metadata;
    return updateVolumes(vm, vmi, wanted, {
      findClaim: (name) => this.#is.claims.get({ namespace, name }),
      now: timestamp(this.#is.clock.now()),
    });
  }

  async #write(vmi: VirtualMachineInstance, generation: string | undefined): Promise<void> {
    const annotations = {
      ...vmi.metadata.annotations,
      ...(generation !== undefined && { [names.vmGeneration]: generation }),
    };
    await ignoreGone(
      this.#is.client.update(virtualMachineInstances, {
        ...vmi,
        metadata: { ...vmi.metadata, annotations },
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
