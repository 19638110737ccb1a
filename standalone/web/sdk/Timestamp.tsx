import { Tooltip } from '@patternfly/react-core';
import ClockIcon from '@patternfly/react-icons/dist/esm/icons/outlined-clock-icon';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import './sdk.css';

/** Younger than this a time is told as an age, as the OpenShift console does. */
const relativeUpToMs = 630_000;
const tickMs = 10_000;

/** One clock for all timestamps of the page, so that they turn at the same moment. */
const clock = {
  now: Date.now(),
  listeners: new Set<() => void>(),
  timer: undefined as ReturnType<typeof setInterval> | undefined,
  subscribe: (listener: () => void): (() => void) => {
    clock.listeners.add(listener);
    clock.now = Date.now();
    clock.timer ??= setInterval(() => {
      clock.now = Date.now();
      for (const one of clock.listeners) one();
    }, tickMs);
    return () => {
      clock.listeners.delete(listener);
      if (clock.listeners.size > 0) return;
      clearInterval(clock.timer);
      clock.timer = undefined;
    };
  },
};

type Formats = { absolute: Intl.DateTimeFormat; exact: Intl.DateTimeFormat };
const formats = new Map<string, Formats>();

/** Made once for a language: a formatter costs more than all else of a table's row. */
function formatsOf(language: string): Formats {
  const known = formats.get(language);
  if (known) return known;
  const made = {
    absolute: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }),
    exact: new Intl.DateTimeFormat(language, {
      dateStyle: 'medium',
      timeStyle: 'long',
      timeZone: 'UTC',
    }),
  };
  formats.set(language, made);
  return made;
}

/** "5 minutes ago", or without suffix "5 minutes". */
function age(language: string, ageMs: number, omitSuffix: boolean): string {
  const seconds = Math.max(0, Math.round(ageMs / 1000));
  const [value, unit] =
    seconds < 3600
      ? ([Math.floor(seconds / 60), 'minute'] as const)
      : seconds < 86_400
        ? ([Math.floor(seconds / 3600), 'hour'] as const)
        : ([Math.floor(seconds / 86_400), 'day'] as const);
  if (omitSuffix)
    return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(
      value,
    );
  return new Intl.RelativeTimeFormat(language).format(-value, unit);
}

export interface TimestampProps {
  timestamp: string | number | Date | null | undefined;
  /** Text alone, without icon and tooltip. */
  simple?: boolean;
  /** An age without "ago", however old. */
  omitSuffix?: boolean;
  className?: string;
}

/** A moment in the user's words: young ones as an age, older ones as date and time. */
export function Timestamp({ timestamp, simple, omitSuffix = false, className }: TimestampProps) {
  const { t, i18n } = useTranslation('console');
  const now = useSyncExternalStore(clock.subscribe, () => clock.now);
  const date = timestamp === null || timestamp === undefined ? undefined : new Date(timestamp);
  if (!date || Number.isNaN(date.getTime())) return <span className={className}>-</span>;

  const ageMs = now - date.getTime();
  const { language } = i18n;
  const { absolute, exact } = formatsOf(language);
  // A clock that runs ahead by a little makes a fresh object come from the future.
  const isYoung = ageMs > -tickMs && ageMs < relativeUpToMs;
  let text = absolute.format(date);
  if (omitSuffix) text = age(language, ageMs, true);
  else if (isYoung) text = ageMs < 60_000 ? t('Just now') : age(language, ageMs, false);
  if (simple) return <span className={className}>{text}</span>;

  return (
    <span className={`vc-timestamp ${className ?? ''}`}>
      <ClockIcon className="vc-timestamp__icon" aria-hidden="true" />
      <Tooltip content={exact.format(date)}>
        <time dateTime={date.toISOString()}>{text}</time>
      </Tooltip>
    </span>
  );
}
