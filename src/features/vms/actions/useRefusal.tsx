import { Alert, List, ListItem } from '@patternfly/react-core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { callDryRun, vmChangeCall } from '~/api/vms';
import { toFailure } from '~/k8s/errors';
import type { KubernetesCall, VmRef } from '~/kubevirt/vmCall';
import type { VmChange } from '~/kubevirt/vmChange';

/** Milliseconds: what is being typed is not asked about letter by letter. */
const typingMs = 250;

/** So many are asked about, and so many at the same time: a browser sends six requests to one server at once. */
const mostAsked = 30;
const askedAtOnce = 4;

/** Something that may be asked for, and of what. */
export interface Asked {
  name: string;
  /** Equal where the question is. */
  key: string;
  /** Undefined when there is nothing to do; what depends on the stored object is found out first. */
  call: KubernetesCall | (() => Promise<KubernetesCall | undefined>);
}

interface Refusal {
  name: string;
  /** In the server's own words. */
  detail: string;
}

/** What is known of what may be asked for. */
interface Check {
  refusals: readonly Refusal[];
  /** The first request that would be sent; undefined until it is known. */
  call: KubernetesCall | undefined;
}

const nothingKnown: Check = { refusals: [], call: undefined };

/** Asks about all of them; tells the requests and what is refused, as soon as it is known. */
async function askAll(
  all: readonly Asked[],
  tell: (change: (before: Check) => Check) => void,
): Promise<void> {
  const waiting = [...all];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { name, call: known } = next;
      try {
        const call = typeof known === 'function' ? await known() : known;
        if (!call) continue;
        tell((before) => (before.call ? before : { ...before, call }));
        await callDryRun(call);
      } catch (error) {
        const { status, detail } = toFailure(error);
        // Only a refusal counts: a server that knows no dry run, or cannot be reached, has not refused.
        const isRefusal = status === 403 || status === 409 || status === 422 || status === 400;
        if (!isRefusal) continue;
        tell((before) => ({ ...before, refusals: [...before.refusals, { name, detail }] }));
      }
    }
  };
  await Promise.all(Array.from({ length: askedAtOnce }, worker));
}

/**
 * What the server would refuse of that which has not been asked for yet; nothing when it would do it, or is not
 * known to refuse it. Of very many the first ones are asked about.
 */
export function useCheck(all: readonly Asked[]): Check {
  const [check, setCheck] = useState(nothingKnown);
  const asked = all.slice(0, mostAsked);
  const latest = useRef(asked);
  latest.current = asked;
  const question = JSON.stringify(asked.map(({ name, key }) => [name, key]));
  // Asks the API server; the text is equal where the question is.
  useEffect(() => {
    setCheck(nothingKnown);
    let isLeft = false;
    const tell = (change: (before: Check) => Check) => {
      if (!isLeft) setCheck(change);
    };
    const timer = setTimeout(() => void askAll(latest.current, tell), typingMs);
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, [question]);
  return check;
}

/** A request that is known, of what is called `name`. */
export interface KnownCall {
  name: string;
  call: KubernetesCall;
}

/** What the server would refuse of these. */
export function useRefusals(asked: readonly KnownCall[]): readonly Refusal[] {
  return useCheck(
    asked.slice(0, mostAsked).map(({ name, call }) => ({ name, call, key: JSON.stringify(call) })),
  ).refusals;
}

/** The same of one; '' when nothing is known against it. */
export function useRefusal(call: KubernetesCall | undefined): string {
  return useRefusals(call ? [{ name: '', call }] : [])[0]?.detail ?? '';
}

/** The same of one change of many VMs. */
export function useChangeCheck(vms: readonly VmRef[], change: VmChange): Check {
  return useCheck(
    vms.slice(0, mostAsked).map((vm) => ({
      name: vmText(vm),
      key: JSON.stringify([vm.name, vm.namespace, change]),
      call: () => vmChangeCall(vm, change),
    })),
  );
}

/** A VM among others, that may be of other projects. */
export function vmText({ name, namespace }: VmRef): string {
  return `${name} (${namespace})`;
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

/** The same of several; `of` is how many there are in all. */
export function RefusalsAlert({ refusals, of }: { refusals: readonly Refusal[]; of: number }) {
  const { t } = useTranslation('plugin__virtdeck');
  if (of === 1) return <RefusalAlert refusal={refusals[0]?.detail ?? ''} />;
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
        {refusals.map(({ name, detail }, index) => (
          // Several requests of one VM can be refused in the same words.
          <ListItem key={`${name}-${index}`}>
            {name}: {detail}
          </ListItem>
        ))}
      </List>
      {of > mostAsked ? (
        <p>{t('The first {{count}} were asked about.', { count: mostAsked })}</p>
      ) : null}
    </Alert>
  );
}
