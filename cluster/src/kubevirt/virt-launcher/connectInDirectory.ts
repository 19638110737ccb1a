import { closeSync, openSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

/**
 * Connects to the unix socket `name` in `directory`. The address of a unix socket has 107 bytes at most
 * (unix(7)), less than a data folder's path may have, so the way leads through a descriptor of the folder.
 */
export function connectInDirectory(directory: string, name: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const descriptor = openSync(directory, 'r');
    const socket = connect(`/proc/self/fd/${descriptor}/${name}`);
    const settle = (act: () => void): void => {
      closeSync(descriptor);
      act();
    };
    const failed = (error: Error): void => settle(() => reject(error));
    socket.once('error', failed);
    socket.once('connect', () => {
      socket.off('error', failed);
      settle(() => resolve(socket));
    });
  });
}
