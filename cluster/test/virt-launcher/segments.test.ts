import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { Segments } from '../../src/cni/Segments.ts';
import type { DomainInterface } from '../../src/kubevirt/virt-launcher/GuestRuntime.ts';
import { segmentSocket } from '../../src/kubevirt/virt-launcher/interfaceDevices.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { microDomain } from './testGuest.ts';

const models: DomainInterface['model'][] = [
  'virtio',
  'e1000',
  'e1000e',
  'rtl8139',
  'ne2k_pci',
  'pcnet',
];

test('a guest boots from the network by an interface of each model that has a boot order', async () => {
  const root = await mkdtemp(join(tmpdir(), 'virtdeck-segments-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const runtime = await QemuRuntime.create();
  const folder = join(root, 'guest');
  const spec = await microDomain(folder);
  const interfaces = models.map((model, index) => ({
    name: model,
    mac: `02:00:00:00:01:0${index}`,
    model,
    address: '127.64.19.7',
    ports: [],
    segment: { name: 'boot', onlyOwnAddress: false },
    // The others come first in the list and are not booted from.
    ...(model === 'pcnet' && { bootOrder: 1 }),
  }));
  const guest = await runtime.launch(folder, { ...spec, disks: [], interfaces });
  onTestFinished(() => guest.destroy());
  const segments = new Segments();
  onTestFinished(() => segments.close());
  // Sits on the segment as a guest does, and sees what the others send.
  const asked = new Promise<Buffer>((resolve) => {
    const server = createServer((socket) => {
      let seen = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        seen = Buffer.concat([seen, chunk]);
        if (seen.includes('PXEClient')) resolve(seen);
      });
    });
    onTestFinished(() => void server.close());
    server.listen(join(root, 'listener.sock'));
  });
  await segments.connect({ directory: root, socket: 'listener.sock', segment: 'boot' });
  for (const { name } of interfaces) {
    const socket = segmentSocket(name);
    await segments.connect({ directory: folder, socket, segment: 'boot' });
  }
  const frames = await asked;
  // The request names the interface that may be booted from.
  expect(frames.includes(Buffer.from('020000000105', 'hex'))).toBe(true);
  expect(frames.includes(Buffer.from('020000000100', 'hex'))).toBe(false);
});
