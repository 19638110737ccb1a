import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The cookie whose value must come back in the header on every request that changes something. */
export const csrfCookie = 'csrf-token';
export const csrfHeader = 'x-csrftoken';

export interface GuardedRequest {
  method: string;
  /** Path and query as sent. */
  url: string;
  headers: IncomingHttpHeaders;
}

export interface Refusal {
  code: 401 | 403 | 421;
  reason: string;
  message: string;
}

/** Compares in a time that does not tell how much of a guess was right. */
function equalInConstantTime(given: string, expected: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

export function readCookies(header: string | undefined): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0) cookies.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  return cookies;
}

/** Paths that answer with data rather than with a page. */
export function isApiPath(path: string): boolean {
  return path.startsWith('/api/') || path === '/api' || path.startsWith('/locales/');
}

/**
 * Decides whether a request may be served. The console listens on the loopback interface, where
 * every program and every web page of the machine can reach it; what keeps them out is
 *
 * - the Host header (DNS rebinding arrives with a foreign one),
 * - Origin and Sec-Fetch-Site (pages of other sites, WebSockets included),
 * - the access key (other users of the machine), kept in a cookie,
 * - the CSRF token on what changes something, as the OpenShift console asks for it.
 */
export class RequestGuard {
  private readonly session: string;

  constructor(
    private readonly accessKey: string,
    private readonly port: () => number,
  ) {
    // The cookie holds a derivative, so that the key itself never rests in the browser.
    this.session = createHmac('sha256', accessKey).update('virtdeck session').digest('base64url');
  }

  /** Cookies ignore ports: the name carries ours, so that two consoles do not log each other out. */
  get cookieName(): string {
    return `virtdeck-session-${this.port()}`;
  }

  get sessionCookie(): string {
    return `${this.cookieName}=${this.session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  isRightKey(key: string): boolean {
    return equalInConstantTime(key, this.accessKey);
  }

  /** Host, Origin and Sec-Fetch-Site: whether this came from our own pages or typed address. */
  refuseForeign({ method, url, headers }: GuardedRequest): Refusal | undefined {
    const host = headers.host ?? '';
    if (!/^(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(`${host}${/:\d+$/.test(host) ? '' : ':80'}`))
      return misdirected(host);
    if (Number(/:(\d+)$/.exec(host)?.[1] ?? 80) !== this.port()) return misdirected(host);

    const { origin } = headers;
    if (origin !== undefined && origin !== `http://${host}`)
      return forbidden(`Requests from pages of ${origin} are not accepted.`);

    const site = headers['sec-fetch-site'];
    const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none';
    // Following a link to the console is harmless: the page opens without the (strict) cookie.
    const isFollowedLink =
      method === 'GET' &&
      headers['sec-fetch-mode'] === 'navigate' &&
      headers['sec-fetch-dest'] === 'document' &&
      !isApiPath(url);
    if (isForeign && !isFollowedLink)
      return forbidden('Requests from pages of other sites are not accepted.');
    return undefined;
  }

  refuseWithoutSession({ headers }: GuardedRequest): Refusal | undefined {
    const given = readCookies(headers.cookie).get(this.cookieName);
    if (given !== undefined && equalInConstantTime(given, this.session)) return undefined;
    return {
      code: 401,
      reason: 'ConsoleSessionRequired',
      message:
        'This browser is not logged in to the console, or the console was started anew. ' +
        'Open the address that virtdeck printed when it started.',
    };
  }

  refuseForged({ method, headers }: GuardedRequest): Refusal | undefined {
    if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return undefined;
    const cookie = readCookies(headers.cookie).get(csrfCookie);
    const header = headers[csrfHeader];
    if (cookie && typeof header === 'string' && equalInConstantTime(header, cookie))
      return undefined;
    return forbidden('The CSRF token is missing or wrong. Reload the page and try again.');
  }

  /** All checks in order; undefined when the request may be served. */
  refuse(request: GuardedRequest): Refusal | undefined {
    return (
      this.refuseForeign(request) ??
      this.refuseWithoutSession(request) ??
      this.refuseForged(request)
    );
  }
}

function misdirected(host: string): Refusal {
  return {
    code: 421,
    reason: 'MisdirectedRequest',
    message: `This console does not serve the host "${host}". Use 127.0.0.1 or localhost with the port that virtdeck printed.`,
  };
}

function forbidden(message: string): Refusal {
  return { code: 403, reason: 'Forbidden', message };
}
