import { createHash } from 'node:crypto';
import type { VirtualMachineInstance } from './resources.ts';

/** Characters of a DNS label and of a label's value. */
const labelLength = 63;
const hashLength = 8;

/**
 * The guest's host name: the VMI's own, or its name up to the first dot, as long as a DNS label may be.
 * Source: KubeVirt pkg/util/net/dns/dns.go (d923fdb).
 */
export function hostnameOf({ metadata, spec }: VirtualMachineInstance): string {
  const name = spec.hostname ?? metadata.name.split('.')[0] ?? '';
  return name.slice(0, labelLength);
}

/**
 * The value of the label `vmi.kubevirt.io/id`: the VMI's name, or its beginning and a hash of it when it is longer
 * than a label may be. Source: KubeVirt pkg/apimachinery/apimachinery.go (d923fdb).
 */
export function instanceId(name: string): string {
  if (name.length <= labelLength) return name;
  const hash = createHash('sha1').update(name).digest('hex').slice(0, hashLength);
  return `${name.slice(0, labelLength - hashLength - 1)}-${hash}`;
}
