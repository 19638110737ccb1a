import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { microDomain, Reader } from './testGuest.ts';

test.each([false, true])('a guest starts UEFI firmware, secure boot %j', async (secureBoot) => {
  const folder = await mkdtemp(join(tmpdir(), 'virtdeck-efi-'));
  const runtime = await QemuRuntime.create();
  const domain = await microDomain(folder);
  domain.firmware = { ...domain.firmware, bootloader: 'efi', secureBoot };
  domain.startPaused = true;
  const guest = await runtime.launch(folder, domain);
  onTestFinished(async () => {
    await guest.destroy();
    await rm(folder, { recursive: true, force: true });
  });
  const serial = new Reader(await guest.openSerial());
  await guest.resume();
  // Its disk is empty: the boot manager says so.
  await serial.until('BdsDxe');
  expect(existsSync(join(folder, 'nvram.fd'))).toBe(true);
});
