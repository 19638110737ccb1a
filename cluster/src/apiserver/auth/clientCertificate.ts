import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { UserInfo } from './UserInfo.ts';

/** What the other end of a connection has proved; 'invalid' is a certificate of an unknown signer. */
export type Peer = UserInfo | 'invalid' | undefined;

/** A connection shows its certificate once, and may carry many requests. */
const known = new WeakMap<Socket, { peer: Peer }>();

/** The user of a client certificate: its common name, in the groups that its organizations name. */
export function certificateUser(socket: Socket): Peer {
  let entry = known.get(socket);
  if (entry === undefined) {
    entry = { peer: readPeer(socket) };
    known.set(socket, entry);
  }
  return entry.peer;
}

function readPeer(socket: Socket): Peer {
  if (!(socket instanceof TLSSocket)) return undefined;
  // Without a certificate this is an empty object, and null when the connection is gone.
  const shown = socket.getPeerCertificate() as { subject?: Record<string, unknown> } | null;
  const subject = shown?.subject;
  if (subject === undefined) return undefined;
  if (!socket.authorized) return 'invalid';
  const [username = ''] = texts(subject['CN']);
  return username === '' ? 'invalid' : { username, groups: texts(subject['O']) };
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}
