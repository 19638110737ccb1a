import { expect, test } from 'vitest';
import { temporaryFolder } from './apiServerFixture.ts';
import { kill9 } from './kill9/kill9.ts';

test('two dozen deaths at any moment lose no acknowledged write and make up none', async () => {
  const result = await kill9(await temporaryFolder(), 24);
  expect(result.faults).toEqual([]);
  expect(result.acknowledged).toBeGreaterThan(24);
}, 300_000);
