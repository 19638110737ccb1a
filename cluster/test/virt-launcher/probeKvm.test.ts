import { expect, test } from 'vitest';
import { probeImage, runsProbe } from '../../src/kubevirt/virt-launcher/probeKvm.ts';

test('the probe reaches its end under emulation', async () => {
  expect(await runsProbe('qemu-system-x86_64', ['-accel', 'tcg'])).toBe(true);
});

test('a program that is not there does not run the probe', async () => {
  expect(await runsProbe('no-such-qemu', ['-accel', 'tcg'])).toBe(false);
});

test('its multiboot header adds up to zero', () => {
  const image = probeImage();
  const sum = [0, 4, 8].reduce((total, offset) => total + image.readUInt32LE(offset), 0);
  expect(sum % 2 ** 32).toBe(0);
});
