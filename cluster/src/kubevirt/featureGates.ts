import type { KubeClient } from '../client/KubeClient.ts';
import { kubeVirts } from './resources.ts';

/** Gates that this cluster asks about, and whether their phase has them on: pkg/virt-config/featuregate (d923fdb). */
const gates = { ObjectGraph: false, WorkloadEncryptionSEV: true, VSOCK: false } as const;

/** Whether the KubeVirt object turns a feature gate on, or off, or leaves it as it is by default. */
export async function isGateOn(client: KubeClient, gate: keyof typeof gates): Promise<boolean> {
  const { items } = await client.list(kubeVirts);
  const configuration = at(items[0]?.spec, 'configuration');
  const developer = at(configuration, 'developerConfiguration');
  const names = (list: unknown) => Array.isArray(list) && list.includes(gate);
  if (names(at(developer, 'disabledFeatureGates'))) return false;
  return gates[gate] || names(at(developer, 'featureGates'));
}

const at = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
