import { Alert } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { vmDryRun } from '~/api/vms';
import { toFailure } from '~/k8s/errors';
import type { VmOperation, VmRef } from '~/kubevirt/vmCall';

/**
 * The server's refusal of something that has not been asked for yet, in its own words; empty when it
 * would do it, or is not known to refuse it.
 */
export function useRefusal(vm: VmRef | undefined, operation: VmOperation | undefined): string {
  const [refusal, setRefusal] = useState('');
  const question = vm && operation ? JSON.stringify([vmOf(vm), operation]) : undefined;
  // Asks the API server; the text is equal where the question is.
  useEffect(() => {
    setRefusal('');
    if (question === undefined) return undefined;
    let isLeft = false;
    // The text is ours, of a moment ago.
    const [asked, about] = JSON.parse(question) as [VmRef, VmOperation];
    vmDryRun(asked, about).catch((error: unknown) => {
      const { status, detail } = toFailure(error);
      // Only a refusal counts: a server that knows no dry run, or cannot be reached, has not refused.
      const isRefusal = status === 403 || status === 409 || status === 422 || status === 400;
      if (!isLeft && isRefusal) setRefusal(detail);
    });
    return () => {
      isLeft = true;
    };
  }, [question]);
  return refusal;
}

function vmOf({ namespace, name, isInstance }: VmRef): VmRef {
  return { namespace, name, ...(isInstance && { isInstance }) };
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
