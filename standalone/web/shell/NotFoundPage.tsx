import { Button } from '@patternfly/react-core';
import SearchIcon from '@patternfly/react-icons/dist/esm/icons/search-icon';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { DocumentTitle } from '../sdk/DocumentTitle.tsx';
import { MessagePage } from './MessagePage.tsx';

export function NotFoundPage() {
  const { t } = useTranslation('console');
  const { pathname } = useLocation();
  return (
    <>
      <DocumentTitle>{t('Page not found')}</DocumentTitle>
      <MessagePage
        title={t('Page not found')}
        icon={SearchIcon}
        actions={
          <Button component={(props) => <Link {...props} to="/" />}>{t('Go to the start')}</Button>
        }
      >
        {t(
          'This console has no page at {{path}}. The address may be mistyped, or the cluster lacks what the page is about.',
          { path: pathname },
        )}
      </MessagePage>
    </>
  );
}
