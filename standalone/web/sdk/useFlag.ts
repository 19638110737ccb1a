import { useFeatureFlag } from '@openshift/dynamic-plugin-sdk';

/** The value of a feature flag; undefined while it is not known. */
export function useFlag(flag: string): boolean | undefined {
  return useFeatureFlag(flag)[0];
}
