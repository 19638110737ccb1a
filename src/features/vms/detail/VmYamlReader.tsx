import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { YamlReader } from '~/ui/YamlReader';

interface Props {
  /** Live. */
  object: KubernetesObject;
  /** A button that begins a change. */
  edit?: ReactNode;
}

/** A VM or its instance as YAML. */
export function VmYamlReader({ object, edit }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const name = object.metadata?.name ?? '';
  return (
    <YamlReader
      object={object}
      name={name}
      texts={{
        label: t('YAML of {{name}}', { name }),
        showStatus: t('Show status'),
        showManaged: t('Show managed fields'),
        copy: t('Copy'),
        copied: t('Copied'),
        notCopied: t('The YAML could not be copied'),
        download: t('Download'),
      }}
      actions={edit}
    />
  );
}
