import type { JsonPatchOperation } from '../../../client/KubeClient.ts';
import type { VirtualMachine } from '../../resources.ts';
import { madeBy } from '../snapshot/restoredClaim.ts';
import type { VirtualMachineClone } from './resources.ts';

type Source = Pick<VirtualMachine, 'metadata' | 'spec'>;

/**
 * How the target of a clone differs from its source, as patches of its restore: what the filters leave out,
 * and an identity of its own. Interfaces and firmware ids that are not given have none in a restore to a new
 * VM, and get new ones. KubeVirt: pkg/virt-controller/watch/clone/patch.go (d923fdb).
 */
export function clonePatches({ spec }: VirtualMachineClone, source: Source): string[] {
  const { metadata, spec: vm } = source;
  const { template } = vm;
  const filters = spec.template;
  const operations = [
    ...removals('/metadata/labels', metadata.labels, spec.labelFilters),
    ...removals('/metadata/annotations', metadata.annotations, spec.annotationFilters),
    ...removals('/spec/template/metadata/labels', template.metadata?.labels, filters?.labelFilters),
    ...removals(
      '/spec/template/metadata/annotations',
      template.metadata?.annotations,
      filters?.annotationFilters,
    ),
    ...addresses(spec.newMacAddresses ?? {}, source),
    ...serials(spec.newSMBiosSerial, source),
  ];
  return [...operations.map((one) => JSON.stringify(one)), ...(spec.patches ?? [])];
}

function removals(
  path: string,
  map: Readonly<Record<string, string>> | undefined,
  filters: readonly string[] | undefined,
): JsonPatchOperation[] {
  if (!filters) return [];
  return (
    Object.keys(map ?? {})
      // That of the restore is not the source's.
      .filter((key) => key !== madeBy && !passes(filters, key))
      .map((key) => ({ op: 'remove', path: `${path}/${pointer(key)}` }))
  );
}

/** Does a key pass? `*` at the end stands for the rest of it, `!` at the start takes out what else would pass. */
export function passes(filters: readonly string[], key: string): boolean {
  const matches = (filter: string) =>
    filter.endsWith('*') ? key.startsWith(filter.slice(0, -1)) : key === filter;
  const out = filters.filter((filter) => filter.startsWith('!')).map((filter) => filter.slice(1));
  const wanted = filters.filter((filter) => !filter.startsWith('!'));
  if (out.some(matches)) return false;
  return wanted.length === 0 ? out.length > 0 : wanted.some(matches);
}

function addresses(macs: Readonly<Record<string, string>>, { spec }: Source): JsonPatchOperation[] {
  return (spec.template.spec?.domain.devices.interfaces ?? []).flatMap(({ name }, index) => {
    const value = macs[name];
    const path = `/spec/template/spec/domain/devices/interfaces/${index}/macAddress`;
    return value === undefined ? [] : [{ op: 'add', path, value }];
  });
}

function serials(serial: string | undefined, { spec }: Source): JsonPatchOperation[] {
  if (serial === undefined) return [];
  const path = '/spec/template/spec/domain/firmware';
  return spec.template.spec?.domain.firmware
    ? [{ op: 'add', path: `${path}/serial`, value: serial }]
    : [{ op: 'add', path, value: { serial } }];
}

const pointer = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');
