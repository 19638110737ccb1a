import { createHash, createHmac } from 'node:crypto';

const emptyBody = createHash('sha256').update('').digest('hex');

/**
 * The headers that sign a GET of an object for S3: AWS signature version 4. The region stands in Amazon's
 * host names; other servers take `us-east-1`.
 */
export function signS3Get(
  url: URL,
  { accessKey, secretKey }: { accessKey: string; secretKey: string },
  now: Date,
): Record<string, string> {
  const date = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = date.slice(0, 8);
  const region = /\bs3[.-]([a-z0-9-]+)\.amazonaws\.com$/.exec(url.hostname)?.[1] ?? 'us-east-1';
  const scope = `${day}/${region}/s3/aws4_request`;
  const headers: Record<string, string> = {
    host: url.host,
    'x-amz-content-sha256': emptyBody,
    'x-amz-date': date,
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    'GET',
    url.pathname
      .split('/')
      .map((part) => encode(decodeURIComponent(part)))
      .join('/'),
    [...url.searchParams]
      .map(([key, value]) => `${encode(key)}=${encode(value)}`)
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${headers[name] ?? ''}`),
    '',
    names.join(';'),
    emptyBody,
  ].join('\n');
  const digest = createHash('sha256').update(canonical).digest('hex');
  const text = ['AWS4-HMAC-SHA256', date, scope, digest].join('\n');
  const key = ['aws4_request', 's3', region, day].reduceRight<Buffer>(
    (secret, part) => hmac(secret, part),
    Buffer.from(`AWS4${secretKey}`),
  );
  const signature = hmac(key, text).toString('hex');
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** RFC 3986, as the signature has it. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
