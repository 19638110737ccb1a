import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { CDPSession } from '@playwright/test';

import { type Figure, median, toSeconds } from './Figure.ts';
import { withBrowser, withProgram } from './withProgram.ts';

const runs = 3;
const diskBytes = 2 * 2 ** 30;
const pollMs = 25;

const ovf = `<Envelope xmlns:ovf="o" xmlns:rasd="r">
<References><File ovf:id="f" ovf:href="disk.vmdk" ovf:size="${diskBytes}"/></References>
<DiskSection><Disk ovf:diskId="d" ovf:fileRef="f" ovf:capacity="${4 * diskBytes}"/></DiskSection>
<VirtualSystem ovf:id="large"><VirtualHardwareSection>
<Item><rasd:ResourceType>17</rasd:ResourceType><rasd:HostResource>ovf:/disk/d</rasd:HostResource></Item>
</VirtualHardwareSection></VirtualSystem></Envelope>`;

/** From the choice of an OVA of 2 GiB to what is in it; the most memory that the page used more meanwhile. */
export function ovaParse(): Promise<Figure[]> {
  return withBrowser((browser) =>
    withProgram(
      async (program) => {
        const folder = await mkdtemp(join(tmpdir(), 'virtdeck-ova-'));
        try {
          const ova = join(folder, 'large.ova');
          await writeOva(ova);
          const page = await browser.newPage();
          await page.goto(program.url);
          await page.goto(`${program.origin}/virtdeck/create-vm?project=default`);
          await page.getByRole('radio', { name: /^Upload/ }).click();
          const devtools = await page.context().newCDPSession(page);
          const times: number[] = [];
          const peaks: number[] = [];
          for (let run = 0; run < runs; run += 1) {
            await devtools.send('HeapProfiler.collectGarbage');
            const before = await usedBytes(devtools);
            let peak = before;
            const over = new AbortController();
            const watch = (async () => {
              while (!over.signal.aborted) {
                peak = Math.max(peak, await usedBytes(devtools));
                await new Promise((resolve) => setTimeout(resolve, pollMs));
              }
            })();
            const dialog = page.getByRole('dialog', { name: 'Virtual appliance' });
            try {
              const start = performance.now();
              await page.locator('input[type=file]').first().setInputFiles(ova);
              await dialog.getByText('Size: 8 GiB').waitFor({ timeout: 120_000 });
              times.push(performance.now() - start);
            } finally {
              // Before the browser is closed, which would hide why.
              over.abort();
              await watch;
            }
            peaks.push((peak - before) / 1e6);
            await dialog.getByRole('button', { name: 'Cancel' }).click();
          }
          const bytes = (await stat(ova)).size;
          return [
            { name: 'ova-parse', value: toSeconds(median(times)), unit: `s (${bytes} bytes)` },
            {
              name: 'ova-parse-memory',
              value: Math.round(Math.max(...peaks)),
              unit: 'MB',
              budget: 100,
            },
          ];
        } finally {
          await rm(folder, { recursive: true });
        }
      },
      ['--runtime', 'simulated'],
    ),
  );
}

/** Of scripts: objects and the content of buffers. */
async function usedBytes(devtools: CDPSession): Promise<number> {
  const usage: { usedSize: number; backingStorageSize?: number } =
    await devtools.send('Runtime.getHeapUsage');
  return usage.usedSize + (usage.backingStorageSize ?? 0);
}

/** The disk first, so that the description stands behind all of it; its bytes are a hole of the file. */
async function writeOva(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.write(tarHeader('disk.vmdk', diskBytes), 0, 512, 0);
    const at = 512 + diskBytes;
    await file.write(tarHeader('large.ovf', ovf.length), 0, 512, at);
    await file.write(Buffer.from(ovf), 0, ovf.length, at + 512);
    await file.truncate(at + 512 + Math.ceil(ovf.length / 512) * 512 + 1024);
  } finally {
    await file.close();
  }
}

function tarHeader(name: string, bytes: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
