import type { BootSources } from '~/api/bootSources';
import type { InstanceTypes } from '~/api/instanceTypes';
import { toBytes } from '~/kubevirt/create/amount';
import { withSource } from '~/kubevirt/create/origin';
import { parseTypeKey } from '~/kubevirt/create/typeKey';
import type { VmDraft } from '~/kubevirt/create/vmDraft';

import type { ChosenSource } from './BootSourceField';
import { suggestSizes, suggestType } from './vmForm';

/** What the cluster has. */
export interface Known {
  sources: BootSources;
  types: InstanceTypes;
}

/** A boot source brings along the instance type and the preference that suit it. */
export function withBootSource(
  draft: VmDraft,
  { value, bytes }: ChosenSource,
  { sources, types }: Known,
): VmDraft {
  const [namespace = '', name = ''] = value.split('/');
  const row = sources.rows.find(({ key }) => key === value);
  const next = withSource(draft, { kind: 'dataSource', namespace, name });
  const { disk } = suggestSizes({ bytes, memoryBytes: row?.memoryBytes });
  const type = suggestType(row, types.types);
  const preference = row?.preference ?? '';
  return {
    ...next,
    disks: next.disks.map((one, index) =>
      index === 0 && toBytes(one.size) < toBytes(disk) ? { ...one, size: disk } : one,
    ),
    ...(type !== '' && { compute: { kind: 'instancetype', type: parseTypeKey(type) } }),
    preference: preference === '' ? undefined : parseTypeKey(preference),
  };
}
