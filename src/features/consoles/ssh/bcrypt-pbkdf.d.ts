/** What is used of bcrypt-pbkdf, which has no types of its own. */
declare module 'bcrypt-pbkdf' {
  /** Fills `key`; 0 when it worked. */
  export function pbkdf(
    phrase: Uint8Array,
    phraseLength: number,
    salt: Uint8Array,
    saltLength: number,
    key: Uint8Array,
    keyLength: number,
    rounds: number,
  ): number;
}
