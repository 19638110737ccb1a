import type { Duplex } from 'node:stream';

import { type VirtualMachineInstance, virtualMachines } from '../../src/kubevirt/resources.ts';
import { Reader } from '../virt-launcher/testGuest.ts';
import type { TestCluster } from './clusterFixture.ts';
import { diskVm, microDisk } from './manifests.ts';
import { addNetworks } from './networks.ts';
import { bootPatienceMs, untilVmi } from './watching.ts';

interface Wishes {
  node?: string;
  /** Networks of Multus by the name of the interface. */
  networks?: Record<string, string>;
  /** Of the template, and so of the launcher pod. */
  labels?: Record<string, string>;
}

/** A guest that boots the micro image, on networks besides the pod network. */
export async function createMicro(
  { client }: TestCluster,
  name: string,
  { node, networks = {}, labels }: Wishes = {},
): Promise<void> {
  const template = microDisk(name);
  const vm = diskVm(name, { template, memory: '192Mi' });
  addNetworks(vm, networks);
  const { spec } = vm.spec.template;
  if (labels) vm.spec.template.metadata = { ...vm.spec.template.metadata, labels };
  if (spec && node !== undefined) spec.nodeSelector = { 'kubernetes.io/hostname': node };
  await client.create(virtualMachines, vm);
}

/** Its agent answers, so it has booted. */
export const isUp = ({ status }: VirtualMachineInstance) =>
  status?.conditions?.some(({ type }) => type === 'AgentConnected') ?? false;

/** A shell on the serial line of a guest; it is opened anew after the guest has moved. */
export class Shell {
  readonly #serial: Reader;
  readonly #stream: Duplex;

  private constructor(stream: Duplex) {
    this.#stream = stream;
    this.#serial = new Reader(stream);
  }

  static async open(cluster: TestCluster, name: string, isIn = false): Promise<Shell> {
    const vmi = await untilVmi(cluster.client, name, isUp, bootPatienceMs);
    const guest = cluster.cluster.guestOf(vmi);
    if (!guest) throw new Error(`${name} has no guest`);
    const shell = new Shell(await guest.openSerial());
    if (isIn) return shell;
    // The prompt may have come before anybody looked.
    shell.#stream.write('\nroot\n');
    await shell.#serial.until(':/root# ');
    return shell;
  }

  /** Tries the command again and again until it succeeds. */
  async until(command: string): Promise<void> {
    this.#stream.write(
      `n=0; until ${command} > /dev/null 2>&1 || [ $n -gt 60 ]; do sleep 0.5; n=$((n + 1)); done; [ $n -gt 60 ] || echo do$((1))ne\n`,
    );
    await this.#serial.until('do1ne', bootPatienceMs);
  }
}
