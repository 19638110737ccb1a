import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import type { UserInfo } from '../auth/UserInfo.ts';
import { apiServerAddress } from '../services/ServiceAddresses.ts';

/** All in PEM. */
export interface ServerCertificate {
  /** For clients: `certificate-authority` in a kubeconfig. It signs client certificates, too. */
  readonly ca: string;
  readonly caKey: string;
  readonly cert: string;
  readonly key: string;
}

const lifetimeYears = 10;
const renewBeforeMs = 30 * 24 * 3_600_000;

/**
 * The server's certificate and the authority that signed it, made once and kept in the folder. It is
 * made anew when it is about to expire; clients then need the new authority.
 */
export async function serverCertificate(directory: string): Promise<ServerCertificate> {
  const file = `${directory}/certificate.json`;
  if (existsSync(file)) {
    const kept = JSON.parse(await readFile(file, 'utf8')) as Partial<ServerCertificate>;
    if (isWhole(kept)) {
      const expiry = Date.parse(new X509Certificate(kept.cert).validTo);
      if (expiry - Date.now() > renewBeforeMs) return kept;
    }
  }
  const made = await makeCertificate();
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, JSON.stringify(made), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return made;
}

/** Folders of older releases lack the authority's key. */
function isWhole(kept: Partial<ServerCertificate>): kept is ServerCertificate {
  return [kept.ca, kept.caKey, kept.cert, kept.key].every((part) => part !== undefined);
}

/** A certificate by which the user logs in, good for as long as the server's own. */
export async function issueClientCertificate(
  { ca, caKey }: ServerCertificate,
  { username, groups }: UserInfo,
): Promise<{ cert: string; key: string }> {
  const subject = [
    ...groups.map((value) => ({ name: 'organizationName', value })),
    { name: 'commonName', value: username },
  ];
  const made = await generate(subject, {
    ...usual(new Date(new X509Certificate(ca).validTo)),
    ca: { key: caKey, cert: ca },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', clientAuth: true },
    ],
  });
  return { cert: made.cert, key: made.private };
}

const usual = (notAfterDate: Date) =>
  ({ algorithm: 'sha256', keyType: 'ec', notAfterDate }) as const;

async function makeCertificate(): Promise<ServerCertificate> {
  const notAfterDate = new Date();
  notAfterDate.setFullYear(notAfterDate.getFullYear() + lifetimeYears);
  const ca = await generate([{ name: 'commonName', value: 'virtdeck-ca' }], {
    ...usual(notAfterDate),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'kube-apiserver' }], {
    ...usual(notAfterDate),
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 2, value: 'kubernetes' },
          { type: 2, value: 'kubernetes.default' },
          { type: 2, value: 'kubernetes.default.svc' },
          { type: 2, value: 'kubernetes.default.svc.cluster.local' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: apiServerAddress },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { ca: ca.cert, caKey: ca.private, cert: server.cert, key: server.private };
}
