import { virtualMachineInstances, virtualMachines } from '../cluster/src/kubevirt/resources.ts';
import { type Figure, median, toSeconds } from './Figure.ts';
import { microVm, namespace } from './microVm.ts';
import { until } from './withCluster.ts';
import { hasBooted, withGuests } from './withGuests.ts';

const runs = 5;

/** From creating a virtual machine with a clone of the micro guest's disk to Running, and to its agent. */
export function vmStart(): Promise<Figure[]> {
  return withGuests(async ({ cluster, client }) => {
    const running: number[] = [];
    const booted: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const name = `start-${run}`;
      const begin = performance.now();
      await client.create(virtualMachines, microVm(name));
      await until(cluster, virtualMachines, { namespace, name }, ({ status }) => {
        return status?.printableStatus === 'Running';
      });
      running.push(performance.now() - begin);
      await until(cluster, virtualMachineInstances, { namespace, name }, hasBooted);
      booted.push(performance.now() - begin);
      await client.delete(virtualMachines, { namespace, name });
    }
    return [
      { name: 'vm-start', value: toSeconds(median(running)), unit: 's' },
      { name: 'vm-start-agent', value: toSeconds(median(booted)), unit: 's' },
    ];
  });
}
