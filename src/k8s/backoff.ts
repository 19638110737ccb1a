const firstDelay = 500;
const longestDelay = 30_000;

/**
 * Milliseconds to wait before the attempt after `failures` failed ones: doubling from half a second
 * to half a minute, of which the upper half is random, so that the browsers of a whole company do
 * not come back in step after an outage. `random` is in [0, 1).
 */
export function backoffDelay(failures: number, random: number): number {
  const delay = Math.min(longestDelay, firstDelay * 2 ** Math.max(0, failures - 1));
  return delay * (0.5 + random / 2);
}
