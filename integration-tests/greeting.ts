import { connect } from 'node:net';

/** What a server at an address says first, to a request where it waits for one. */
export function greeting(host: string, port: number, request = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    if (request !== '') socket.write(request);
    socket.setTimeout(5000, () => socket.destroy(new Error('nobody answers')));
    socket.once('data', (bytes) => {
      resolve(bytes.toString().trim());
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('end', () => reject(new Error('nobody answers')));
  });
}
