import { useTranslation } from 'react-i18next';

import { useWatchList } from '~/api/useWatch';
import { nameOf } from '~/k8s/KubernetesObject';
import { rowsOf } from '~/k8s/Watched';
import type { Model } from '~/k8s/models';

import { ChoiceField } from '~/ui/ChoiceField';
import { TextField } from '~/ui/TextField';

interface Props {
  id: string;
  label: string;
  model: Model;
  /** Undefined for cluster-scoped kinds. */
  namespace: string | undefined;
  /** What the empty value means. */
  none: string;
  value: string;
  help?: string | undefined;
  error?: string | undefined;
  onChange: (name: string) => void;
}

/** An object by its name: chosen from a list, or typed by those who may not see the list. */
export function NamedChoice(props: Props) {
  const { id, label, model, namespace, none, value, help, error, onChange } = props;
  const { t } = useTranslation('plugin__virtdeck');
  const isAskable = !model.namespaced || (namespace !== undefined && namespace !== '');
  const watched = useWatchList(isAskable ? { model, namespace, toRow: nameOf } : undefined);
  if (watched.state === 'error') {
    const text = t('The list cannot be read: {{reason}}', { reason: watched.error.detail });
    return (
      <TextField
        id={id}
        label={label}
        value={value}
        help={text}
        error={error}
        onChange={onChange}
      />
    );
  }
  const names = [...(rowsOf(watched) ?? [])].sort();
  return (
    <ChoiceField
      id={id}
      label={label}
      value={value}
      choices={[{ value: '', label: none }, ...names.map((name) => ({ value: name, label: name }))]}
      help={help}
      error={error}
      onChange={onChange}
    />
  );
}
