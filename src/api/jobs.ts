import { useSyncExternalStore } from 'use-sync-external-store/shim';
import { browserClock } from '~/k8s/Clock';
import { type Job, Jobs } from '~/k8s/Jobs';

/** All that was asked for since the page was loaded. */
export const jobs = new Jobs(
  () => Date.now(),
  (tell) => browserClock.nextFrame(tell),
);

export function useJobs(): readonly Job[] {
  return useSyncExternalStore(jobs.subscribe, jobs.getSnapshot);
}
