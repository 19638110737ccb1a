/** Node's codes of a certificate that no known authority has signed. */
const unknownAuthority = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
const untrusted = 'tls: failed to verify certificate: x509: ';

/** Why there is no connection, in the words of Go's net and crypto/tls, which users of CDI know and look for. */
export function dialErrorText(error: NodeJS.ErrnoException, address: string): string {
  const { code = '', message } = error;
  if (unknownAuthority.has(code)) return `${untrusted}certificate signed by unknown authority`;
  switch (code) {
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return `${untrusted}certificate has expired or is not yet valid`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `${untrusted}certificate is not valid for ${address.replace(/:\d+$/, '')}: ${message}`;
    case 'ECONNREFUSED':
      return `dial tcp ${address}: connect: connection refused`;
    case 'ENOTFOUND':
      return `dial tcp: lookup ${address.replace(/:\d+$/, '')}: no such host`;
    default:
      return message;
  }
}
