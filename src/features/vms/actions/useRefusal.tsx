import { Alert } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { callDryRun } from '~/api/vms';
import { toFailure } from '~/k8s/errors';
import type { KubernetesCall } from '~/kubevirt/vmCall';

/** Milliseconds: what is being typed is not asked about letter by letter. */
const typingMs = 250;

/**
 * The server's refusal of something that has not been asked for yet, in its own words; empty when it
 * would do it, or is not known to refuse it.
 */
export function useRefusal(call: KubernetesCall | undefined): string {
  const [refusal, setRefusal] = useState('');
  const question = call && JSON.stringify(call);
  // Asks the API server; the text is equal where the question is.
  useEffect(() => {
    setRefusal('');
    if (question === undefined) return undefined;
    let isLeft = false;
    const ask = () => {
      // The text is ours, of a moment ago.
      callDryRun(JSON.parse(question) as KubernetesCall).catch((error: unknown) => {
        const { status, detail } = toFailure(error);
        // Only a refusal counts: a server that knows no dry run, or cannot be reached, has not refused.
        const isRefusal = status === 403 || status === 409 || status === 422 || status === 400;
        if (!isLeft && isRefusal) setRefusal(detail);
      });
    };
    const timer = setTimeout(ask, typingMs);
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, [question]);
  return refusal;
}

/** Says before the click that the server will refuse. It may be tried nevertheless. */
export function RefusalAlert({ refusal }: { refusal: string }) {
  const { t } = useTranslation('plugin__virtdeck');
  return refusal === '' ? null : (
    <Alert
      isInline
      isLiveRegion
      component="h2"
      variant="warning"
      title={t('The cluster would refuse this now')}
    >
      <span className="vd-server-text">{refusal}</span>
    </Alert>
  );
}
