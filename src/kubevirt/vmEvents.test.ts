import { expect, test } from 'vitest';

import { toEventRow, vmEvents } from './vmEvents';

function event(kind: string, name: string, lastTimestamp: string) {
  return toEventRow({
    metadata: { uid: `${kind}/${name}/${lastTimestamp}` },
    involvedObject: { kind, name },
    type: 'Normal',
    lastTimestamp,
  });
}

test('only what concerns this VM is kept, newest first', () => {
  const rows = [
    event('VirtualMachine', 'web', '2026-01-02T00:00:01Z'),
    event('VirtualMachine', 'web-2', '2026-01-02T00:00:02Z'),
    event('Pod', 'virt-launcher-web-ab1cd', '2026-01-02T00:00:03Z'),
    event('Pod', 'virt-launcher-web-2-ab1cd', '2026-01-02T00:00:04Z'),
    event('DataVolume', 'web-root', '2026-01-02T00:00:05Z'),
    event('DataVolume', 'db-root', '2026-01-02T00:00:06Z'),
    event('VirtualMachineInstance', 'web', '2026-01-01T00:00:00Z'),
    event('Node', 'web', '2026-01-02T00:00:07Z'),
  ];
  const subject = { name: 'web', created: '2026-01-02T00:00:00Z', dataVolumes: ['web-root'] };
  expect(vmEvents(rows, subject).map((row) => `${row.kind} ${row.name}`)).toEqual([
    'DataVolume web-root',
    'Pod virt-launcher-web-ab1cd',
    'VirtualMachine web',
  ]);
});

test('both ways to count and date an event are understood', () => {
  expect(toEventRow({ count: 3, lastTimestamp: '2026-01-01T00:00:00Z' })).toMatchObject({
    count: 3,
    lastSeen: '2026-01-01T00:00:00Z',
  });
  expect(
    toEventRow({
      lastTimestamp: null,
      eventTime: '2026-01-01T00:00:00Z',
      series: { count: 7, lastObservedTime: '2026-01-01T00:09:00Z' },
    }),
  ).toMatchObject({ count: 7, lastSeen: '2026-01-01T00:09:00Z' });
});
