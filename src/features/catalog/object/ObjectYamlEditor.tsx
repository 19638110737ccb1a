import { useTranslation } from 'react-i18next';

import { useYamlHelp } from '~/api/useYamlHelp';
import type { FailureCause } from '~/k8s/errors';
import type { Model } from '~/k8s/models';
import { YamlEditor } from '~/ui/yaml/YamlEditor';

interface Props {
  model: Model;
  text: string;
  /** Why the text is no object; undefined when it is one. */
  mistake: string | undefined;
  /** What the server refused of it. */
  causes: readonly FailureCause[];
  onChange: (text: string) => void;
}

/** An object as YAML to write, with what the cluster's schema says of its fields. */
export function ObjectYamlEditor({ model, text, mistake, causes, onChange }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const help = useYamlHelp(model, text, causes);
  return (
    <YamlEditor label={t('YAML')} value={text} onChange={onChange} mistake={mistake} {...help} />
  );
}
