import { Button } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useYamlTexts } from '~/api/useYamlTexts';
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
  const texts = useYamlTexts(name);
  return (
    <YamlReader
      object={object}
      name={name}
      texts={texts}
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
