import { bySize } from '~/kubevirt/catalog/typeRows';

import { instancetypes } from './types/families';
import { instanceTypeColumns, instanceTypeFacets } from './types/instanceTypeColumns';
import { TypeListPage } from './types/TypeList';

interface Props {
  /** As the console says it: `#ALL_NS#` for all. */
  namespace?: string;
}

/** Instance types of the cluster, or of projects. */
export default function InstanceTypesPage({ namespace }: Props) {
  return (
    <TypeListPage
      namespace={namespace}
      family={instancetypes}
      columns={instanceTypeColumns}
      facets={instanceTypeFacets}
      order={bySize}
    />
  );
}
