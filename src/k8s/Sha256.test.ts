import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import { Sha256 } from '~/k8s/Sha256';

test('gives what other implementations give, however the bytes come', () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 70_001]) {
    const bytes = Uint8Array.from({ length }, (_byte, index) => (index * 31 + length) % 256);
    const wanted = createHash('sha256').update(bytes).digest('hex');
    for (const part of [1 + length, 7, 64, 1000]) {
      const hash = new Sha256();
      for (let at = 0; at < length; at += part) hash.update(bytes.subarray(at, at + part));
      expect(hash.digest(), `${length} bytes in parts of ${part}`).toBe(wanted);
    }
  }
});
