import { Alert, List, ListItem } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { callDryRun } from '~/api/vms';
import { toFailure } from '~/k8s/errors';
import type { KubernetesCall } from '~/kubevirt/vmCall';

/** Milliseconds: what is being typed is not asked about letter by letter. */
const typingMs = 250;

/** So many are asked about, and so many at the same time: a browser sends six requests to one server at once. */
const mostAsked = 30;
const askedAtOnce = 4;

/** Something that may be asked for, and of what. */
interface Asked {
  name: string;
  call: KubernetesCall;
}

interface Refusal {
  name: string;
  /** In the server's own words. */
  detail: string;
}

/** Asks about all of them; tells what is refused, as soon as it is known. */
async function askAll(all: readonly Asked[], tell: (refusal: Refusal) => void): Promise<void> {
  const waiting = [...all];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { name, call } = next;
      try {
        await callDryRun(call);
      } catch (error) {
        const { status, detail } = toFailure(error);
        // Only a refusal counts: a server that knows no dry run, or cannot be reached, has not refused.
        const isRefusal = status === 403 || status === 409 || status === 422 || status === 400;
        if (isRefusal) tell({ name, detail });
      }
    }
  };
  await Promise.all(Array.from({ length: askedAtOnce }, worker));
}

const none: readonly Refusal[] = [];

/**
 * What the server would refuse of that which has not been asked for yet; empty when it would do it, or is not
 * known to refuse it. Of very many the first ones are asked about.
 */
export function useRefusals(asked: readonly Asked[]): readonly Refusal[] {
  const [refusals, setRefusals] = useState(none);
  const question = JSON.stringify(asked.slice(0, mostAsked));
  // Asks the API server; the text is equal where the question is.
  useEffect(() => {
    setRefusals(none);
    let isLeft = false;
    const tell = (refusal: Refusal) => {
      if (!isLeft) setRefusals((before) => [...before, refusal]);
    };
    // The text is ours, of a moment ago.
    const timer = setTimeout(() => void askAll(JSON.parse(question) as Asked[], tell), typingMs);
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, [question]);
  return refusals;
}

/** The same of one; '' when nothing is known against it. */
export function useRefusal(call: KubernetesCall | undefined): string {
  return useRefusals(call ? [{ name: '', call }] : [])[0]?.detail ?? '';
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

/** The same of several. */
export function RefusalsAlert({ refusals }: { refusals: readonly Refusal[] }) {
  const { t } = useTranslation('plugin__virtdeck');
  return refusals.length === 0 ? null : (
    <Alert
      isInline
      isLiveRegion
      component="h2"
      variant="warning"
      title={t('The cluster would refuse this now for {{count}} of them', {
        count: refusals.length,
      })}
    >
      <List className="vd-server-text">
        {refusals.map(({ name, detail }) => (
          <ListItem key={name}>
            {name}: {detail}
          </ListItem>
        ))}
      </List>
    </Alert>
  );
}
