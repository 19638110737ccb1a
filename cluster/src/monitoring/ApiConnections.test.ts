import { expect, test } from 'vitest';

import { ApiConnections } from './ApiConnections.ts';

test('a stream counts from its begin to its end, and once', () => {
  const connections = new ApiConnections({ now: () => 5000 });
  const lines = () => connections.samples().map(([, line]) => line);
  const end = connections.begin('vnc', 'shop', 'web');
  connections.begin('vnc', 'shop', 'web');
  const active = 'kubevirt_vnc_active_connections{namespace="shop",vmi="web"}';
  expect(lines()).toEqual([
    `${active} 2`,
    'kubevirt_vmi_last_api_connection_timestamp_seconds{namespace="shop",vmi="web"} 5',
  ]);
  end();
  end();
  expect(lines()).toContain(`${active} 1`);
});
