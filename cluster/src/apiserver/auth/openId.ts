import { issuer, type ServiceAccountTokens } from './ServiceAccountTokens.ts';

/** The documents by path. */
export type OpenIdDocuments = Readonly<Record<string, object>>;

const keysPath = '/openid/v1/jwks';

/** By these others can verify tokens of service accounts (OpenID Connect Discovery 1.0). */
export function openIdDocuments(tokens: ServiceAccountTokens): OpenIdDocuments {
  return {
    '/.well-known/openid-configuration': {
      issuer,
      jwks_uri: `${issuer}${keysPath}`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    },
    [keysPath]: { keys: tokens.keys },
  };
}
