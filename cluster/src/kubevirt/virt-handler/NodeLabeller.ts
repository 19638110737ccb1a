import { readFile } from 'node:fs/promises';

import type { KubeClient } from '../../client/KubeClient.ts';
import { nodes } from '../../client/resources.ts';
import { cpuModelLabel } from '../cpuModelLabel.ts';
import type { GuestRuntime } from '../virt-launcher/GuestRuntime.ts';

interface Dependencies {
  node: string;
  client: KubeClient;
  runtime: Pick<GuestRuntime, 'cpuModels'>;
}

const migrationPrefix = 'cpu-model-migration.node.kubevirt.io/';
const own = [cpuModelLabel(''), migrationPrefix, 'cpu-vendor.node.kubevirt.io/'];

/** As libvirt names them. */
const vendors: Readonly<Record<string, string>> = { GenuineIntel: 'Intel', AuthenticAMD: 'AMD' };

/**
 * Tells by the labels of its node which processors guests can have there, for the scheduler. KubeVirt:
 * pkg/virt-handler/node-labeller (d923fdb).
 */
export class NodeLabeller {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async label(): Promise<void> {
    const { node: name, client, runtime } = this.#is;
    const models = await runtime.cpuModels();
    const vendor = await vendorOf();
    const wanted: Record<string, string> = {
      ...Object.fromEntries(
        models.flatMap((model) => [
          [cpuModelLabel(model), 'true'],
          [`${migrationPrefix}${model}`, 'true'],
        ]),
      ),
      ...(vendor !== undefined && { [`cpu-vendor.node.kubevirt.io/${vendor}`]: 'true' }),
      'machine-type.node.kubevirt.io/q35': 'true',
    };
    const { metadata } = await client.get(nodes, { name });
    // A merge patch takes away what is null: what another machine could do that had this data.
    const stale = Object.keys(metadata.labels ?? {}).filter(
      (key) => own.some((prefix) => key.startsWith(prefix)) && !(key in wanted),
    );
    const labels = { ...Object.fromEntries(stale.map((key) => [key, null])), ...wanted };
    await client.patch(nodes, { name }, { type: 'merge', body: { metadata: { labels } } });
  }
}

async function vendorOf(): Promise<string | undefined> {
  const text = await readFile('/proc/cpuinfo', 'utf8');
  return vendors[/^vendor_id\s*:\s*(\S+)$/m.exec(text)?.[1] ?? ''];
}
