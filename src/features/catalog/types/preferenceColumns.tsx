import type { TFunction } from 'i18next';

import { formatBytes } from '~/k8s/quantity';
import type { PreferenceRow } from '~/kubevirt/catalog/typeRows';
import type { Facet, SortableColumn } from '~/ui/FilteredTable';

type T = TFunction<'plugin__virtdeck'>;

const byText = (of: (row: PreferenceRow) => string) => (a: PreferenceRow, b: PreferenceRow) =>
  of(a).localeCompare(of(b)) || a.name.localeCompare(b.name, undefined, { numeric: true });

/** What the names of operating systems and firmware are for people. */
function namesOf(t: T): Record<string, string> {
  return {
    linux: 'Linux',
    windows: 'Windows',
    bios: t('BIOS'),
    uefi: t('UEFI'),
    secureBoot: t('UEFI with Secure Boot'),
    '': t('Left to the cluster'),
  };
}

const leastOf = (t: T, { minCpus, minMemoryBytes }: PreferenceRow) =>
  minCpus === 0 && minMemoryBytes === 0
    ? '–'
    : t('{{cpus}} vCPU, {{memory}}', {
        cpus: minCpus,
        memory: minMemoryBytes === 0 ? '–' : formatBytes(minMemoryBytes),
      });

/** Columns that only preferences have. */
export function preferenceColumns(t: T): SortableColumn<PreferenceRow>[] {
  const names = namesOf(t);
  return [
    {
      ...{ id: 'os', title: t('OS'), width: 80 },
      order: byText(({ os }) => os),
      render: ({ os }) => (os === '' ? '–' : (names[os] ?? os)),
    },
    {
      ...{ id: 'firmware', title: t('Firmware'), width: 180 },
      order: byText(({ firmware }) => firmware),
      render: ({ firmware }) => (firmware === '' ? '–' : (names[firmware] ?? firmware)),
    },
    {
      ...{ id: 'disk', title: t('Disk bus'), width: 90 },
      order: byText(({ diskBus }) => diskBus),
      render: ({ diskBus }) => diskBus || '–',
    },
    {
      ...{ id: 'nic', title: t('Network card'), width: 110 },
      order: byText(({ interfaceModel }) => interfaceModel),
      render: ({ interfaceModel }) => interfaceModel || '–',
    },
    {
      ...{ id: 'least', title: t('Needs at least'), width: 140 },
      order: (a, b) => a.minCpus - b.minCpus || a.minMemoryBytes - b.minMemoryBytes,
      render: (row) => leastOf(t, row),
    },
    {
      ...{ id: 'architecture', title: t('Architecture'), width: 100 },
      order: byText(({ architecture }) => architecture),
      render: ({ architecture }) => architecture || '–',
    },
  ];
}

/** Filters that only preferences have. */
export function preferenceFacets(t: T): Facet<PreferenceRow>[] {
  const names = namesOf(t);
  return [
    {
      ...{ id: 'os', label: t('OS') },
      valuesOf: ({ os }) => [os],
      text: (value) => (value === '' ? t('None') : (names[value] ?? value)),
    },
    {
      ...{ id: 'firmware', label: t('Firmware') },
      valuesOf: ({ firmware }) => [firmware],
      text: (value) => names[value] ?? value,
    },
    {
      ...{ id: 'architecture', label: t('Architecture') },
      valuesOf: ({ architecture }) => [architecture],
      text: (value) => value || t('None'),
    },
  ];
}
