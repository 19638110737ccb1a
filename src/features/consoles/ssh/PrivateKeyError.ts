/** Why a private key cannot be used; the text is for people, and is a key of translation. */
export class PrivateKeyError extends Error {
  constructor(
    readonly reason:
      | 'This is not a private key.'
      | 'The key needs its passphrase.'
      | 'The passphrase is wrong.'
      | 'This kind of key is not supported here.',
  ) {
    super(reason);
  }
}
