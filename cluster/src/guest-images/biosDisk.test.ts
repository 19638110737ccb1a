import { expect, test } from 'vitest';
import { masterBootRecord, partitionOffset } from './biosDisk.ts';

test('the boot sector has one active Linux partition after the loader', () => {
  const sector = masterBootRecord(Buffer.alloc(512, 0x90), 2 ** 29);
  expect(sector.length).toBe(512);
  expect(sector.subarray(0, 440).every((byte) => byte === 0x90)).toBe(true);
  expect(sector[446]).toBe(0x80);
  expect(sector[450]).toBe(0x83);
  expect(sector.readUInt32LE(454) * 512).toBe(partitionOffset);
  expect(sector.readUInt32LE(454) + sector.readUInt32LE(458)).toBe(2 ** 29 / 512);
  expect(sector.subarray(462, 510).every((byte) => byte === 0)).toBe(true);
  expect(sector.readUInt16LE(510)).toBe(0xaa55);
});
