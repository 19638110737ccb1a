import { expect, test } from 'vitest';

import { formatBytesNeeded, imageFormat } from '~/kubevirt/create/imageFormat';

function head(...marks: readonly (readonly [at: number, bytes: string])[]): Uint8Array {
  const bytes = new Uint8Array(formatBytesNeeded);
  for (const [at, mark] of marks) {
    for (let index = 0; index < mark.length; index += 1) bytes[at + index] = mark.charCodeAt(index);
  }
  return bytes;
}

test('a format is known by its mark, and so is the size of the disk', () => {
  expect(imageFormat(head([0, 'QFI\xfb'], [27, '\x02']), 5)).toEqual({
    name: 'qcow2',
    diskBytes: 2 ** 33,
  });
  expect(imageFormat(head([0, 'KDMV'], [13, '\x08']), 5)).toEqual({
    name: 'vmdk',
    diskBytes: 2048 * 512,
  });
  expect(imageFormat(head([32_769, 'CD001']), 7)).toEqual({ name: 'iso', diskBytes: 7 });
  expect(imageFormat(head([0, '\x1f\x8b']), 7)).toEqual({ name: 'gzip', diskBytes: undefined });
  expect(imageFormat(new Uint8Array(3), 3)).toEqual({ name: 'raw', diskBytes: 3 });
});
