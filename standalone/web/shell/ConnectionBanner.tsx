import { Banner, Button } from '@patternfly/react-core';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { connection } from '../k8s/ApiConnection.ts';

/** Says that the API server is away, for as long as it is. */
export function ConnectionBanner() {
  const { t } = useTranslation('console');
  const current = useSyncExternalStore(connection.subscribe, connection.getSnapshot);
  return (
    <div role="status" aria-live="polite">
      {current.state === 'connected' ? null : (
        <Banner status={current.state === 'unreachable' ? 'warning' : 'danger'}>
          <span className="vc-banner">
            {current.message}
            {current.state === 'unreachable' ? (
              <>
                {' '}
                {t('What you see may be out of date.')}{' '}
                <Button variant="link" isInline onClick={() => connection.doubt()}>
                  {t('Try now')}
                </Button>
              </>
            ) : null}
          </span>
        </Banner>
      )}
    </div>
  );
}
