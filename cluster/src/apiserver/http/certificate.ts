import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

export interface ServerCertificate {
  /** PEM, for clients: `certificate-authority` in a kubeconfig. */
  readonly ca: string;
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
    const kept = JSON.parse(await readFile(file, 'utf8')) as ServerCertificate;
    const expiry = Date.parse(new X509Certificate(kept.cert).validTo);
    if (expiry - Date.now() > renewBeforeMs) return kept;
  }
  const made = await makeCertificate();
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, JSON.stringify(made), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return made;
}

async function makeCertificate(): Promise<ServerCertificate> {
  const notAfterDate = new Date();
  notAfterDate.setFullYear(notAfterDate.getFullYear() + lifetimeYears);
  const usual = { algorithm: 'sha256', keyType: 'ec', notAfterDate } as const;
  const ca = await generate([{ name: 'commonName', value: 'virtdeck-ca' }], {
    ...usual,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'kube-apiserver' }], {
    ...usual,
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
          { type: 2, value: 'kubernetes.default.svc' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { ca: ca.cert, cert: server.cert, key: server.private };
}
