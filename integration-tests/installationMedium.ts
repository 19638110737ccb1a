import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the guest of such a medium writes on its serial line, again and again. */
export const mediumLine = (diskBytes: number) =>
  `booted from the medium; sectors of the first disk 0x${(diskBytes / 512).toString(16).padStart(8, '0')}`;

/**
 * A program for the BIOS, loaded to 0x7c00: asks for the parameters of hard disk 0x80 (interrupt 0x13,
 * function 0x48), writes its sectors to the port 0x3f8, waits half a second (interrupt 0x15, function
 * 0x86), and begins anew. Its text follows it.
 */
const program =
  'fa31c08ed88ec08ed0bc0070fbfcc70600061e00b448b280be0006cd13be6d7cac84c07405e83400ebf6668b1e1006b90800' +
  '66c1c30488d8240f3c0a720204270430e81700e2ebb00de81000b00ae80b00b486b9080031d2cd15ebb25250bafd03eca820' +
  '74fb58baf803ee5ac3';

/** An ISO that a BIOS starts from, in a folder to be removed by who asked for it. */
export function installationMedium(): { folder: string; iso: string } {
  const folder = mkdtempSync(join(tmpdir(), 'virtdeck-medium-'));
  mkdirSync(join(folder, 'content'));
  const text = `${mediumLine(0).replace(/0x.*/, '')}0x\0`;
  const boot = Buffer.concat([Buffer.from(program, 'hex'), Buffer.from(text)]);
  writeFileSync(join(folder, 'content/boot.bin'), boot);
  const iso = join(folder, 'medium.iso');
  execFileSync('genisoimage', [
    ...['-quiet', '-o', iso, '-b', 'boot.bin', '-no-emul-boot', '-boot-load-size', '4'],
    join(folder, 'content'),
  ]);
  return { folder, iso };
}
