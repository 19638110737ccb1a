import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { type DownwardMetric, writeVhostmd } from './vhostmd.ts';

/** KubeVirt: pkg/downwardmetrics/vhostmd/disk_test.go (8ba2ce4). */
test('the disk of metrics is as vm-dump-metrics reads it, however often it is written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'virtdeck-vhostmd-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'disk');
  const time: DownwardMetric = {
    ...{ name: 'TotalCPUTime', context: 'host', type: 'real64' },
    ...{ value: 1292869.19, unit: 's' },
  };
  const host: DownwardMetric = {
    ...{ name: 'HostName', context: 'host', type: 'string', value: 'a&b' },
  };
  await writeVhostmd(path, [time, time, host]);
  await writeVhostmd(path, [time, host]);
  const disk = await readFile(path);
  expect(disk).toHaveLength(262_144);
  expect(disk.toString('latin1', 0, 4)).toBe('mvbd');
  const length = disk.readInt32BE(12);
  const body = disk.subarray(16, 16 + length);
  expect(body.toString()).toBe(`<metrics>
  <metric type="real64" context="host" unit="s">
    <name>TotalCPUTime</name>
    <value><![CDATA[1292869.190000]]></value>
  </metric>
  <metric type="string" context="host">
    <name>HostName</name>
    <value><![CDATA[a&b]]></value>
  </metric>
</metrics>
`);
  expect([disk.readInt32BE(4), disk.readInt32BE(8)]).toEqual([
    0,
    body.reduce((sum, byte) => sum + byte, 0),
  ]);
});
