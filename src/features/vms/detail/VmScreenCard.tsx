import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useScreenshot, useScreenshotAccess } from '~/api/screenshots';
import type { VmRef } from '~/api/vms';
import { Link, vmHref } from '~/console/navigation';

import './detail.css';

/** Milliseconds between two pictures of a screen at which nobody looks closely. */
const every = 10_000;

/** A small picture of the guest's screen that takes the console from nobody. */
export function VmScreenCard({ vm }: { vm: VmRef }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { namespace, name } = vm;
  const area = useRef<HTMLDivElement>(null);
  const [isSeen, setSeen] = useState(false);
  const access = useScreenshotAccess(namespace);
  // A picture that is scrolled away need not be taken.
  useEffect(() => {
    if (area.current === null) return undefined;
    const observer = new IntersectionObserver((entries) => {
      setSeen(entries.some((entry) => entry.isIntersecting));
    });
    observer.observe(area.current);
    return () => {
      observer.disconnect();
    };
  }, []);
  const shot = useScreenshot(isSeen && access.allowed ? { namespace, name } : undefined, every);
  return (
    <Card component="section" aria-labelledby="vd-screen-title">
      <CardTitle component="h2" id="vd-screen-title">
        {t('Screen')}
      </CardTitle>
      <CardBody>
        <div ref={area} className="vd-thumbnail">
          {shot.url === undefined ? (
            <span className="vd-subtle">
              {access.loading || access.allowed
                ? (shot.failure?.detail ?? t('Loading'))
                : t('You are not allowed to see pictures of the screen.')}
            </span>
          ) : (
            <Link to={vmHref(vm, 'console')}>
              <img src={shot.url} alt={t('Screen of {{name}}: open the console', { name })} />
            </Link>
          )}
        </div>
      </CardBody>
    </Card>
  );
}
