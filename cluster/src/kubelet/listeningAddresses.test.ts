import { createServer } from 'node:net';

import { expect, test } from 'vitest';

import { listeningAddresses } from './listeningAddresses.ts';

test('an address is listened on as long as a server is', async () => {
  const address = '127.99.98.97';
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  expect(listeningAddresses()).toContain(address);
  await new Promise((resolve) => server.close(resolve));
  expect(listeningAddresses()).not.toContain(address);
});
