import { useTranslation } from 'react-i18next';

import { useServed } from '~/api/discovery';
import { useWatchObject } from '~/api/useWatch';
import { isRecord } from '~/k8s/isRecord';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import {
  cdiConfigs,
  networkAttachmentDefinitions,
  openshiftTemplates,
  virtualMachineClones,
  vmTemplates,
  volumeSnapshots,
} from '~/k8s/models';
import type { Origin } from '~/kubevirt/create/origin';
import type { DraftSource } from '~/kubevirt/create/vmDraft';

export type SourceKind = DraftSource['kind'];

export interface SourceChoice {
  kind: SourceKind;
  title: string;
  text: string;
  /** Why this cluster does not have it. */
  disabledReason?: string | undefined;
}

/** Where the content of a disk that a system can be on comes from, in words. */
function useSourceChoices(): readonly SourceChoice[] {
  const { t } = useTranslation('plugin__virtdeck');
  const hasSnapshots = useServed(volumeSnapshots) ?? true;
  const hasProxy = useUploadProxy();
  return [
    { kind: 'dataSource', title: t('Boot source'), text: t('An image that the cluster keeps') },
    {
      kind: 'dataVolume',
      title: t('Upload'),
      text: t('An image or ISO on this computer'),
      disabledReason:
        hasProxy === false ? t('This cluster does not expose an upload proxy.') : undefined,
    },
    { kind: 'url', title: t('Web address'), text: t('An image or ISO by http or https') },
    { kind: 'registry', title: t('Registry'), text: t('An image in a container registry') },
    { kind: 'clone', title: t('Copy of a volume'), text: t('A claim, which stays as it is') },
    { kind: 'claim', title: t('Volume'), text: t('A claim, used as it is') },
    {
      kind: 'snapshot',
      title: t('Volume snapshot'),
      text: t('A volume as it once was'),
      disabledReason: hasSnapshots ? undefined : t('This cluster has no volume snapshots.'),
    },
    { kind: 'blank', title: t('Blank disk'), text: t('Empty, for an installation of your own') },
    {
      kind: 'containerDisk',
      title: t('Container disk'),
      text: t('Read from an image; what is written is lost'),
    },
  ];
}

/** The same for any disk: also what no system starts from. */
export function useDiskChoices(): readonly SourceChoice[] {
  const { t } = useTranslation('plugin__virtdeck');
  return [
    ...useSourceChoices(),
    { kind: 'configMap', title: t('Config map'), text: t('Its keys as files of a small disk') },
    { kind: 'secret', title: t('Secret'), text: t('Its keys as files of a small disk') },
  ];
}

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

/** Whether images can be sent to the cluster; undefined while it is not known, or may not be asked. */
function useUploadProxy(): boolean | undefined {
  const config = useWatchObject<KubernetesObject & { status?: unknown }>({
    model: cdiConfigs,
    namespace: undefined,
    name: 'config',
  });
  if (config.state !== 'ready') return undefined;
  const status = config.data?.status;
  return isRecord(status) && typeof status['uploadProxyURL'] === 'string';
}
