import { useTranslation } from 'react-i18next';

import { useServed } from '~/api/discovery';
import { useNetworkChoices } from '~/api/networks';
import { networkAttachmentDefinitions } from '~/k8s/models';

import { ChoiceField } from '~/ui/ChoiceField';
import { TextField } from '~/ui/TextField';

interface Props {
  id: string;
  namespace: string;
  value: string;
  error: string | undefined;
  onChange: (network: string) => void;
}

/** A NetworkAttachmentDefinition of the project or of all: chosen, or typed by those who see no list. */
export function SecondaryNetwork({ id, namespace, value, error, onChange }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const isServed = useServed(networkAttachmentDefinitions) === true;
  const networks = useNetworkChoices(namespace, isServed);
  const shared = { id, label: t('NetworkAttachmentDefinition'), value, error, onChange };
  if (networks.error !== undefined) {
    const help = t('The list cannot be read: {{reason}}', { reason: networks.error });
    return <TextField {...shared} help={help} />;
  }
  const others = value === '' || networks.names.includes(value) ? [] : [value];
  const labelOf = (name: string) =>
    networks.userDefined.has(name) ? t('{{name}} (user-defined network)', { name }) : name;
  return (
    <ChoiceField
      {...shared}
      choices={[
        { value: '', label: t('Choose one') },
        ...[...networks.names, ...others].map((name) => ({ value: name, label: labelOf(name) })),
      ]}
    />
  );
}
