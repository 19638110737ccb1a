import type { TFunction } from 'i18next';

import { formatBytes } from '~/k8s/quantity';
import { bySize, type InstanceTypeRow, needsOf } from '~/kubevirt/catalog/typeRows';
import type { Facet, SortableColumn } from '~/ui/FilteredTable';

type T = TFunction<'plugin__virtdeck'>;

const byText = (of: (row: InstanceTypeRow) => string) => (a: InstanceTypeRow, b: InstanceTypeRow) =>
  of(a).localeCompare(of(b), undefined, { numeric: true }) || bySize(a, b);

/** Columns that only instance types have. */
export function instanceTypeColumns(t: T): SortableColumn<InstanceTypeRow>[] {
  return [
    {
      ...{ id: 'series', title: t('Series'), width: 100 },
      order: byText(({ series }) => series),
      render: ({ series }) => series || '–',
    },
    {
      ...{ id: 'cpus', title: t('vCPUs'), width: 90 },
      order: (a, b) => a.cpus - b.cpus || bySize(a, b),
      render: ({ cpus }) => cpus,
    },
    {
      ...{ id: 'memory', title: t('Memory'), width: 110 },
      order: (a, b) => a.memoryBytes - b.memoryBytes || bySize(a, b),
      render: ({ memoryBytes }) => formatBytes(memoryBytes),
    },
    {
      ...{ id: 'dedicated', title: t('Dedicated CPUs'), width: 140 },
      order: byText(({ isDedicated }) => (isDedicated ? '0' : '1')),
      render: ({ isDedicated }) => (isDedicated ? t('Yes') : '–'),
    },
    {
      ...{ id: 'hugepages', title: t('Huge pages'), width: 110 },
      order: byText(({ hugepages }) => hugepages),
      render: ({ hugepages }) => hugepages || '–',
    },
    {
      ...{ id: 'gpus', title: t('GPUs and devices'), width: 150 },
      order: byText((row) => `${row.gpus.length + row.hostDevices.length}`),
      render: ({ gpus, hostDevices }) => [...gpus, ...hostDevices].join(', ') || '–',
    },
  ];
}

/** Filters that only instance types have. */
export function instanceTypeFacets(t: T): Facet<InstanceTypeRow>[] {
  const needs: Record<string, string> = {
    dedicated: t('Dedicated CPUs'),
    hugepages: t('Huge pages'),
    gpu: t('GPUs'),
    device: t('Host devices'),
    none: t('None'),
  };
  return [
    {
      ...{ id: 'series', label: t('Series') },
      valuesOf: ({ series }) => [series],
      text: (value) => value || t('None'),
    },
    {
      ...{ id: 'cpus', label: t('vCPUs') },
      valuesOf: ({ cpus }) => [`${cpus}`],
      text: (value) => value,
    },
    {
      ...{ id: 'needs', label: t('Needs of the node') },
      valuesOf: (row) => (needsOf(row).length === 0 ? ['none'] : needsOf(row)),
      text: (value) => needs[value] ?? value,
    },
  ];
}
