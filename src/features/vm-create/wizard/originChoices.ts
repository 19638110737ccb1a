import { useTranslation } from 'react-i18next';

import { useServed } from '~/api/discovery';
import {
  networkAttachmentDefinitions,
  openshiftTemplates,
  virtualMachineClones,
  vmTemplates,
} from '~/k8s/models';
import type { Origin } from '~/kubevirt/create/origin';

import { type SourceChoice, useSourceChoices } from '../../forms/diskSources';

/** Where the system of a VM can come from, in words: what a disk can, and copies, templates, the network. */
export function useOriginChoices(): readonly (Omit<SourceChoice, 'kind'> & { kind: Origin })[] {
  const { t } = useTranslation('plugin__virtdeck');
  const sources = useSourceChoices();
  const hasClones = useServed(virtualMachineClones) ?? true;
  const hasTemplates = useServed(vmTemplates) ?? true;
  const hasOpenshift = useServed(openshiftTemplates) ?? true;
  const hasNetworks = useServed(networkAttachmentDefinitions) ?? true;
  const noClones = hasClones ? undefined : t('This cluster has no clones of virtual machines.');
  const first = sources.filter(({ kind }) => kind === 'dataSource');
  return [
    ...first,
    {
      kind: 'template',
      title: t('Template'),
      text: t('A virtual machine with blanks to fill in'),
      disabledReason:
        hasTemplates || hasOpenshift ? undefined : t('This cluster has no templates.'),
    },
    {
      kind: 'vm',
      title: t('Virtual machine'),
      text: t('A copy of one, with disks of its own'),
      disabledReason: noClones,
    },
    {
      kind: 'vmSnapshot',
      title: t('Snapshot of a virtual machine'),
      text: t('A new one as another once was'),
      disabledReason: noClones,
    },
    ...sources.filter((one) => !first.includes(one)),
    {
      kind: 'network',
      title: t('Network boot (PXE)'),
      text: t('Installed from a network onto an empty disk'),
      disabledReason: hasNetworks
        ? undefined
        : t('A network of the project: this cluster has none (no Multus)'),
    },
  ];
}
