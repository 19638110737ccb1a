import { useTranslation } from 'react-i18next';

import { toVmStatus, vmStatuses } from '~/kubevirt/vmStatus';

import type { Facet } from './listState';

/** Filters and their values in the user's language. */
export function useFacetTexts() {
  const { t } = useTranslation('plugin__virtdeck');
  const titles: Record<Facet, string> = {
    status: t('Status'),
    project: t('Project'),
    group: t('Group'),
    node: t('Node'),
    os: t('Operating system'),
    instancetype: t('Instance type'),
    storageclass: t('Storage class'),
  };
  return {
    facetTitle: (facet: Facet) => titles[facet],
    valueText: (facet: Facet, value: string) =>
      facet === 'status' ? t(vmStatuses[toVmStatus(value)].label) : value,
  };
}
