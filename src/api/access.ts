import { useCallback, useEffect } from 'react';
import { useSyncExternalStore } from 'use-sync-external-store/shim';
import { kubernetesRequest } from '~/console/http';
import {
  type Access,
  type AccessAnswer,
  type AccessQuery,
  AccessReviews,
} from '~/k8s/AccessReviews';
import { isRecord } from '~/k8s/isRecord';

const reviewPath = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

async function review(resourceAttributes: AccessQuery): Promise<AccessAnswer> {
  const answer = await kubernetesRequest(reviewPath, {
    method: 'POST',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    },
  });
  const status = isRecord(answer) && isRecord(answer['status']) ? answer['status'] : {};
  const reason = status['reason'];
  return {
    allowed: status['allowed'] === true,
    reason: typeof reason === 'string' && reason !== '' ? reason : undefined,
  };
}

const reviews = new AccessReviews(review, () => Date.now());

/**
 * Whether the user may do exactly this. `reason` is the authorizer's text, if it gave one; say it
 * beside a text of your own. Answers are kept for two minutes and shared by all who ask.
 */
export function useAccess(query: AccessQuery): Access {
  const { verb, group, resource, subresource, namespace, name } = query;
  // Asks the API server; each part of the question is a dependency, as callers write it inline.
  useEffect(() => {
    reviews.ask({ verb, group, resource, subresource, namespace, name });
  }, [verb, group, resource, subresource, namespace, name]);
  const getSnapshot = useCallback(
    () => reviews.get({ verb, group, resource, subresource, namespace, name }),
    [verb, group, resource, subresource, namespace, name],
  );
  return useSyncExternalStore(reviews.subscribe, getSnapshot);
}

/**
 * Several questions at once, by what they are asked for; the same keys in the same order each time.
 * What is not known yet counts as allowed.
 */
export function useAccesses<Key extends string>(
  queries: Readonly<Record<Key, AccessQuery>>,
): (key: Key) => Access {
  const text = JSON.stringify(queries);
  // Asks the API server; the text is equal where the questions are.
  useEffect(() => {
    // The text is ours, of a moment ago.
    const asked = JSON.parse(text) as Record<string, AccessQuery>;
    for (const query of Object.values(asked)) reviews.ask(query);
  }, [text]);
  useSyncExternalStore(reviews.subscribe, reviews.getVersion);
  return (key) => reviews.get(queries[key]);
}
