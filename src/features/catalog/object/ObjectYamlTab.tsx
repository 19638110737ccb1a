import { Button } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { YamlReader } from '~/ui/YamlReader';

interface Props {
  object: KubernetesObject;
  editReason: string | undefined;
  onEdit: () => void;
}

/** The object as YAML. */
export function ObjectYamlTab({ object, editReason, onEdit }: Props) {
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
      actions={
        <Button
          variant="secondary"
          isAriaDisabled={editReason !== undefined}
          title={editReason}
          onClick={() => (editReason === undefined ? onEdit() : undefined)}
        >
          {t('Edit YAML')}
        </Button>
      }
    />
  );
}
