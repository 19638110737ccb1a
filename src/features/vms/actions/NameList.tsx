import { List, ListItem } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

interface Props {
  names: readonly string[];
  /** So many are named; of ten thousand a list would take the page's time for what nobody reads. */
  most?: number;
}

/** Names in a dialog, and how many more there are; a long list scrolls by itself. */
export function NameList({ names, most = 12 }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <List className="vd-server-text vd-names">
      {names.slice(0, most).map((name) => (
        <ListItem key={name}>{name}</ListItem>
      ))}
      {names.length > most ? (
        <ListItem>{t('and {{count}} more', { count: names.length - most })}</ListItem>
      ) : null}
    </List>
  );
}
