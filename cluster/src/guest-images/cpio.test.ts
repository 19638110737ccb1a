import { expect, test } from 'vitest';
import { cpio } from './cpio.ts';

test('writes headers, names and contents at multiples of four bytes', () => {
  const archive = cpio([
    { path: 'bin', kind: 'directory' },
    { path: 'bin/hello', kind: 'file', content: Buffer.from('hey'), executable: true },
    { path: 'init', kind: 'link', target: 'bin/hello' },
  ]);
  const text = archive.toString('latin1');
  expect(text.slice(0, 22)).toBe('070701' + '00000001' + '000041ed');
  expect(text.indexOf('070701', 1)).toBe(116);
  expect(archive.length % 4).toBe(0);
  expect(text).toContain('hey\x00070701');
  expect(text).toContain('bin/hello\0');
  expect(text.endsWith('TRAILER!!!\0\0\0\0')).toBe(true);
});
