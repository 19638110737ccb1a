import { readFileSync } from 'node:fs';

/** State of a socket that awaits connections (include/net/tcp_states.h of Linux). */
const listening = '0A';

/**
 * The IPv4 addresses on which programs of this machine await TCP connections, as Linux tells them (proc(5),
 * /proc/net/tcp); none on a machine that does not.
 */
export function listeningAddresses(): ReadonlySet<string> {
  let table: string;
  try {
    table = readFileSync('/proc/net/tcp', 'latin1');
  } catch {
    // Not Linux.
    return new Set();
  }
  const sockets = table.split('\n').map((line) => line.trim().split(/\s+/));
  return new Set(
    sockets.flatMap(([, local = '', , state]) =>
      state === listening && local.length > 8 ? [addressOf(local.slice(0, 8))] : [],
    ),
  );
}

/** `0100007F`, the bytes as the machine's order has them, is 127.0.0.1. */
const addressOf = (digits: string) => [...Buffer.from(digits, 'hex')].reverse().join('.');
