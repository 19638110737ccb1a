import { Cron } from 'croner';

/** Signs that croner knows and CDI's parser does not: last day, weekday next to, nth weekday. */
const foreign = /[#LW]/i;
const names =
  /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)\b/gi;
const nicknames = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/**
 * The next time that a cron expression of five fields, or a nickname as `@daily`, names after `after`
 * (milliseconds; UTC, as CDI's controllers run). Undefined when the expression is none, or names no time.
 */
export function nextTime(expression: string, after: number): number | undefined {
  const text = expression.trim();
  const fields = text.split(/\s+/);
  const isNickname = nicknames.includes(text);
  if (!isNickname && (fields.length !== 5 || foreign.test(text.replace(names, '')))) {
    return undefined;
  }
  try {
    const schedule = text === '@midnight' ? '@daily' : text;
    const cron = new Cron(schedule, {
      paused: true,
      timezone: 'UTC',
      // `1/12` is every twelfth from the first on.
      sloppyRanges: true,
    });
    return cron.nextRun(new Date(after))?.getTime();
  } catch {
    return undefined;
  }
}
