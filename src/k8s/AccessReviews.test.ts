import { expect, it } from 'vitest';
import { type AccessQuery, AccessReviews } from '~/k8s/AccessReviews';

const query: AccessQuery = { verb: 'create', group: 'kubevirt.io', resource: 'virtualmachines' };

it('asks once for all who want to know, and again when the answer is old', async () => {
  let now = 0;
  let asked = 0;
  const reviews = new AccessReviews(
    () => {
      asked += 1;
      return Promise.resolve({ allowed: false, reason: 'not in the role' });
    },
    () => now,
  );
  expect(reviews.get(query)).toEqual({ allowed: false, loading: true });
  reviews.ask(query);
  reviews.ask({ ...query });
  await Promise.resolve();
  expect(asked).toBe(1);
  expect(reviews.get(query)).toEqual({ allowed: false, loading: false, reason: 'not in the role' });
  now = 120_000;
  reviews.ask(query);
  expect(asked).toBe(2);
  expect(reviews.get(query).loading).toBe(false);
});

it('leaves the decision to the server when the review fails', async () => {
  const reviews = new AccessReviews(
    () => Promise.reject(new Error('no such api')),
    () => 0,
  );
  reviews.ask(query);
  await new Promise((resolve) => setTimeout(resolve));
  expect(reviews.get(query)).toEqual({ allowed: true, loading: false });
});
