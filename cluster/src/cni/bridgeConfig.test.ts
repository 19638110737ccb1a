import { expect, test } from 'vitest';

import { parseBridgeConfig, segmentName } from './bridgeConfig.ts';

const config = (more: object) => JSON.stringify({ cniVersion: '0.3.1', name: 'net', ...more });

test('networks with the same bridge and VLAN are one segment', () => {
  const name = (more: object) =>
    segmentName(parseBridgeConfig(config({ type: 'bridge', ...more })));
  expect(name({})).toBe('cni0');
  expect(name({ bridge: 'br1', vlan: 0 })).toBe('br1');
  expect(name({ bridge: 'br1', vlan: 12 })).toBe('br1.12');
});

test('a list is read as its first plug-in', () => {
  const plugins = [
    { type: 'cnv-bridge', bridge: 'br1', macspoofchk: true },
    { type: 'cnv-tuning' },
  ];
  expect(parseBridgeConfig(config({ plugins }))).toEqual({ bridge: 'br1', macspoofchk: true });
});

test.each([
  ['{"type"', 'error parsing configuration: '],
  ['[]', 'error parsing configuration: no object'],
  [config({}), "missing 'type'"],
  [config({ plugins: {} }), "invalid 'plugins' type"],
  [config({ plugins: [] }), 'no plugins in list'],
  [config({ type: 'macvlan' }), 'failed to find plugin "macvlan" in path [/opt/cni/bin]'],
  [
    config({ type: 'bridge', ipam: { type: 'whereabouts' } }),
    'failed to find plugin "whereabouts"',
  ],
  [config({ type: 'bridge', bridge: 'a name with spaces' }), 'invalid bridge name'],
  [config({ type: 'bridge', vlan: 4095 }), 'invalid VLAN ID 4095 (must be between 0 and 4094)'],
])('what cannot be provided is told: %s', (text, message) => {
  expect(() => parseBridgeConfig(text)).toThrow(message);
});
