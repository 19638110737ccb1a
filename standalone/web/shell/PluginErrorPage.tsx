import { Button, List, ListItem } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { PluginLoads } from '../plugins/PluginLoads.ts';
import { MessagePage } from './MessagePage.tsx';

/** Says which plugin could not be loaded and why. */
export function PluginErrorPage({
  failures,
  plugins,
}: {
  failures: readonly { plugin: string; message: string }[];
  plugins: PluginLoads;
}) {
  const { t } = useTranslation('console');
  return (
    <MessagePage
      title={t('The plugin could not be loaded')}
      status="danger"
      actions={<Button onClick={() => void plugins.load()}>{t('Retry')}</Button>}
    >
      <List isPlain>
        {failures.map(({ plugin, message }) => (
          <ListItem key={plugin}>
            <strong>{plugin}</strong>: {message}
          </ListItem>
        ))}
      </List>
    </MessagePage>
  );
}
