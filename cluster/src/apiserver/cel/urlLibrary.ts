import type { Environment } from '@marcbachmann/cel-js';

/** A URL as Go's net/url takes it apart: ports stay as they are written. */
class Url {
  constructor(
    readonly scheme: string,
    /** With the port. */
    readonly host: string,
    readonly path: string,
    readonly query: string,
  ) {}

  get hostname(): string {
    return this.host.startsWith('[')
      ? this.host.slice(1, this.host.indexOf(']'))
      : (this.host.split(':', 1)[0] ?? '');
  }

  get port(): string {
    return /:(\d*)$/.exec(this.host)?.[1] ?? '';
  }
}

const of = 'kubernetes.URL';
const parts = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?]*))?([^?]*)(?:\?(.*))?$/i;

/** Functions of URLs: k8s.io/apiserver, pkg/cel/library/urls.go (1.33). */
export function addUrls(environment: Environment): void {
  environment
    .registerType(of, { ctor: Url, fields: {} })
    .registerFunction('isURL(string): bool', (text: string) => parseUrl(text) !== undefined)
    .registerFunction(`url(string): ${of}`, (text: string) => {
      const url = parseUrl(text);
      if (url === undefined)
        throw new Error(`URL parse error during conversion from string: ${text}`);
      return url;
    })
    .registerFunction(`${of}.getScheme(): string`, ({ scheme }: Url) => scheme)
    .registerFunction(`${of}.getHost(): string`, ({ host }: Url) => host)
    .registerFunction(`${of}.getHostname(): string`, ({ hostname }: Url) => hostname)
    .registerFunction(`${of}.getPort(): string`, ({ port }: Url) => port)
    .registerFunction(`${of}.getEscapedPath(): string`, ({ path }: Url) => path)
    .registerFunction(`${of}.getQuery(): map<string, list<string>>`, ({ query }: Url) => {
      const values = new URLSearchParams(query);
      return Object.fromEntries([...values.keys()].map((name) => [name, values.getAll(name)]));
    })
    .registerOperator(
      `${of} == ${of}`,
      (a: Url, b: Url) =>
        a.scheme === b.scheme && a.host === b.host && a.path === b.path && a.query === b.query,
    );
}

/** Of an absolute URL or an absolute path; undefined for any other text. */
function parseUrl(text: string): Url | undefined {
  if (text.startsWith('/')) {
    if (!URL.canParse(text, 'http://host')) return undefined;
    const [path = '', ...query] = text.split('?');
    return new Url('', '', path, query.join('?'));
  }
  if (!URL.canParse(text)) return undefined;
  const [, scheme = '', authority = '', path = '', query = ''] = parts.exec(text) ?? [];
  if (scheme === '') return undefined;
  return new Url(
    scheme.toLowerCase(),
    authority.slice(authority.lastIndexOf('@') + 1),
    path,
    query,
  );
}
