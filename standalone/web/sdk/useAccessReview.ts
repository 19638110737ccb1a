import { useEffect, useState } from 'react';
import { consoleFetchJSON } from './consoleFetch.ts';

export interface AccessReviewResourceAttributes {
  group?: string;
  resource?: string;
  subresource?: string;
  verb?: string;
  name?: string;
  namespace?: string;
}

const keptMs = 60_000;
const reviews = new Map<string, Promise<boolean>>();

function review(attributes: AccessReviewResourceAttributes): Promise<boolean> {
  const key = JSON.stringify(attributes, Object.keys(attributes).sort());
  const known = reviews.get(key);
  if (known) return known;
  const asked = consoleFetchJSON
    .post('/api/kubernetes/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: attributes },
    })
    .then((answer) => (answer as { status?: { allowed?: boolean } }).status?.allowed ?? false);
  reviews.set(key, asked);
  // Rights change seldom, but they do; and a failed question must be asked anew.
  asked.then(
    () => setTimeout(() => reviews.delete(key), keptMs),
    () => reviews.delete(key),
  );
  return asked;
}

/**
 * Whether the user may do something: `[allowed, loading]`. As in the OpenShift console, a review
 * that fails counts as allowed, for the API server has the last word anyway.
 */
export function useAccessReview(attributes: AccessReviewResourceAttributes): [boolean, boolean] {
  const key = JSON.stringify(attributes);
  const [answer, setAnswer] = useState<{ key: string; allowed: boolean }>();
  // The answer comes from the API server.
  useEffect(() => {
    let isWanted = true;
    const give = (allowed: boolean) => {
      if (isWanted) setAnswer({ key, allowed });
    };
    review(JSON.parse(key) as AccessReviewResourceAttributes).then(give, () => give(true));
    return () => {
      isWanted = false;
    };
  }, [key]);
  return answer?.key === key ? [answer.allowed, false] : [false, true];
}
