import { useTranslation } from 'react-i18next';

import { useServed } from '~/api/discovery';
import { useWatchObject } from '~/api/useWatch';
import { isRecord } from '~/k8s/isRecord';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { cdiConfigs, volumeSnapshots } from '~/k8s/models';
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
export function useSourceChoices(): readonly SourceChoice[] {
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
    { kind: 'none', title: t('Nothing: an empty drive'), text: t('For media that come later') },
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
