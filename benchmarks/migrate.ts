import { setTimeout as sleep } from 'node:timers/promises';

import {
  virtualMachineInstanceMigrations,
  virtualMachineInstances,
  virtualMachines,
} from '../cluster/src/kubevirt/resources.ts';
import type { Guest } from '../cluster/src/kubevirt/virt-launcher/GuestRuntime.ts';
import { QemuRuntime } from '../cluster/src/kubevirt/virt-launcher/QemuRuntime.ts';
import { type Figure, median, toSeconds } from './Figure.ts';
import { microVm, namespace } from './microVm.ts';
import { until } from './withCluster.ts';
import { hasBooted, withGuests } from './withGuests.ts';

const runs = 5;
const name = 'moves';

/**
 * A running micro guest that moves between two nodes and back: from creating the migration to its success, and
 * how long the guest stands still, from QEMU stopping it on one side to QEMU running it on the other.
 */
export async function migrate(): Promise<Figure[]> {
  const runtime = await QemuRuntime.create();
  const blackouts = watchBlackouts(runtime);
  return withGuests(
    async ({ cluster, client }) => {
      await client.create(virtualMachines, microVm(name));
      await until(cluster, virtualMachineInstances, { namespace, name }, hasBooted);
      const totals: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        const begin = performance.now();
        await client.create(virtualMachineInstanceMigrations, {
          apiVersion: 'kubevirt.io/v1',
          kind: 'VirtualMachineInstanceMigration',
          metadata: { name: `move-${run}`, namespace },
          spec: { vmiName: name },
        });
        await until(
          cluster,
          virtualMachineInstanceMigrations,
          { namespace, name: `move-${run}` },
          ({ status }) => {
            if (status?.phase === 'Failed') {
              throw new Error(`the migration has failed: ${status.migrationState?.failureReason}`);
            }
            return status?.phase === 'Succeeded';
          },
        );
        totals.push(performance.now() - begin);
      }
      return [
        { name: 'migrate', value: toSeconds(median(totals)), unit: 's' },
        { name: 'migrate-blackout', value: Math.round(median(blackouts)), unit: 'ms' },
      ];
    },
    { nodes: 2, runtime },
  );
}

/** Milliseconds of each migration in which no QEMU ran the guest, as they come. */
function watchBlackouts(runtime: QemuRuntime): number[] {
  const blackouts: number[] = [];
  let stoppedAt: number | undefined;
  const watchSource = (guest: Guest): Guest => {
    const move = guest.migrate.bind(guest);
    guest.migrate = async (to, settings) => {
      const migration = await move(to, settings);
      void migration.end.then((end) => {
        // QEMU tells at the end for how long it had stopped the guest by then.
        if (end.outcome === 'completed') stoppedAt = performance.now() - end.downtimeMs;
      });
      return migration;
    };
    return guest;
  };
  const launch = runtime.launch.bind(runtime);
  runtime.launch = async (...given) => watchSource(await launch(...given));
  const receive = runtime.receive.bind(runtime);
  runtime.receive = async (...given) => {
    const guest = watchSource(await receive(...given));
    void whenRunning(guest).then(() => {
      if (stoppedAt !== undefined) blackouts.push(performance.now() - stoppedAt);
      stoppedAt = undefined;
    });
    return guest;
  };
  return blackouts;
}

async function whenRunning(guest: Guest): Promise<void> {
  while (guest.state === 'incoming') await sleep(1);
}
