const protocolPrefix = 'base64url.bearer.authorization.k8s.io.';

/**
 * The token of a request. Browsers cannot set headers on a WebSocket, so that they may offer the
 * token as a sub-protocol instead.
 */
export function bearerToken(request: {
  header(name: string): string | undefined;
}): string | undefined {
  const match = /^bearer\s+(\S+)\s*$/i.exec(request.header('authorization') ?? '');
  if (match !== null) return match[1];
  const offered = subprotocols(request).find((protocol) => protocol.startsWith(protocolPrefix));
  if (offered === undefined) return undefined;
  return Buffer.from(offered.slice(protocolPrefix.length), 'base64url').toString();
}

/** The sub-protocol to answer with; the one that carries the token is never repeated. */
export function chooseSubprotocol(offered: Iterable<string>): string | false {
  const protocols = [...offered];
  return ['plain.kubevirt.io', 'binary'].find((protocol) => protocols.includes(protocol)) ?? false;
}

function subprotocols(request: { header(name: string): string | undefined }): string[] {
  const header = request.header('sec-websocket-protocol') ?? '';
  return header.split(',').map((protocol) => protocol.trim());
}
