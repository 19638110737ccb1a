import { Agent, request } from 'node:https';

const timeoutMs = 30_000;
const longestReply = 64 * 1024 * 1024;
const agent = new Agent({ keepAlive: true, timeout: timeoutMs });

interface Peer {
  /** PEM in base64; the machine's own authorities when it is absent. */
  readonly authority: string | undefined;
  /** The address to connect to in place of the URL's host, which the certificate names. */
  readonly host?: string;
}

/**
 * Posts JSON over HTTPS and reads JSON. Rejects with what went wrong: no connection, another status than 200, no
 * JSON, no end in 30 s.
 */
export async function postJson(url: string, body: object, peer: Peer): Promise<unknown> {
  const text = await post(url, JSON.stringify(body), peer);
  return JSON.parse(text) as unknown;
}

function post(url: string, body: string, { authority, host }: Peer): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: 'POST',
      agent,
      signal: AbortSignal.timeout(timeoutMs),
      ...(host !== undefined && { hostname: host, servername: new URL(url).hostname }),
      headers: {
        host: new URL(url).host,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      ...(authority === undefined ? {} : { ca: Buffer.from(authority, 'base64') }),
    });
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      let length = 0;
      incoming.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > longestReply) incoming.destroy(new Error('the answer is too long'));
        else chunks.push(chunk);
      });
      incoming.once('error', reject);
      incoming.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (incoming.statusCode === 200) resolve(text);
        else
          reject(
            new Error(`the server answered ${String(incoming.statusCode)}: ${text.slice(0, 200)}`),
          );
      });
    });
    outgoing.end(body);
  });
}
