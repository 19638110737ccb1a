import { Button } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useScreenshot } from '~/api/screenshots';
import type { VmRef } from '~/api/vms';

/** Milliseconds between two pictures. */
const every = 1_500;

/** The screen in pictures, for those who may not or would not take the console from its viewer. */
export function WatchedScreen({ vm, onEnd }: { vm: VmRef; onEnd: () => void }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { url, failure } = useScreenshot(vm, every);
  return (
    <div className="vd-console__watched">
      {url === undefined ? null : (
        <img src={url} alt={t('Screen of {{name}}, to look at only', { name: vm.name })} />
      )}
      <p className="vd-console__watched-line" role="status">
        {failure
          ? failure.detail
          : t('Pictures only: keyboard and mouse are with the other viewer.')}{' '}
        <Button variant="link" isInline onClick={onEnd}>
          {t('End')}
        </Button>
      </p>
    </div>
  );
}
