import { readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo, Server } from 'node:net';

/**
 * Listens on 127.0.0.1: on the port that the file names, which is that of the last run of the program, or on
 * a free one when there is none or another program has it. Resolves with the port, which the file keeps.
 */
export async function listenOnKeptPort(server: Server, file: string): Promise<number> {
  const kept = Number(await readFile(file, 'utf8').catch(() => '0'));
  const port = await listen(server, Number.isInteger(kept) ? kept : 0).catch((error: unknown) => {
    if (kept === 0) throw error;
    return listen(server, 0);
  });
  if (port !== kept) await writeFile(file, `${port}\n`, { mode: 0o600 });
  return port;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
