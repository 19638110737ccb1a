import { generateKeyPairSync } from 'node:crypto';

import { describe, expect, it } from 'vitest';
import { ed25519 } from './ed25519';
import { privateKeyJwk } from './privateKeyJwk';

/** Made by ssh-keygen for this test, and used nowhere; the passphrase of the second is `open sesame`. */
const keys = {
  ed25519: {
    stored: [
      'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW',
      'QyNTUxOQAAACDOtugdXsGUhsxQtPZOdHFPn66ERQq0PD0pZhsy+T6CuwAAAIg4YMy8OGDM',
      'vAAAAAtzc2gtZWQyNTUxOQAAACDOtugdXsGUhsxQtPZOdHFPn66ERQq0PD0pZhsy+T6Cuw',
      'AAAECVk5Jp6W6TptEW+Ea++vNhNLw+90mjnxSJ/JTwqbawjs626B1ewZSGzFC09k50cU+f',
      'roRFCrQ8PSlmGzL5PoK7AAAAAXQBAgME',
    ],
    shown: 'AAAAC3NzaC1lZDI1NTE5AAAAIM626B1ewZSGzFC09k50cU+froRFCrQ8PSlmGzL5PoK7',
  },
  locked: {
    stored: [
      'b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABBtiNOey8',
      'TtejXhF7CRcV7SAAAABAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIGbME0bi+sYsituC',
      '3mrcz4Ck8vDt/eSby5xFZMO4QsERAAAAkDH3OiUHdF9RT1Z4bfEoAPk2hpMIhcseZRQZjG',
      'H2ngHrlAzJ6kw/Z4mcLorvIy8WNSp9Xl88YAs7in+gKDibVbDSNBMD8YHaTOEvzj6qnp9X',
      'o1FKdDIDrdnuZX4WXq/p2kJJCabasbyvDrfx9VJs+yQLVwWb6nTuAQnygNN17YkyjXyIV3',
      'eyNBFCiNKsS7rUVg==',
    ],
    shown: 'AAAAC3NzaC1lZDI1NTE5AAAAIGbME0bi+sYsituC3mrcz4Ck8vDt/eSby5xFZMO4QsER',
  },
  ecdsa: {
    stored: [
      'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAaAAAABNlY2RzYS',
      '1zaGEyLW5pc3RwMjU2AAAACG5pc3RwMjU2AAAAQQQ2kVbkAklz3SxscT1FTQImjefgOh6+',
      'i8sQ8uUY3alImZ12Vr+ulDO5XZgTZ+cDdN63rxluI+x6SyRjJvuh75wcAAAAoMrgnNfK4J',
      'zXAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBDaRVuQCSXPdLGxx',
      'PUVNAiaN5+A6Hr6LyxDy5RjdqUiZnXZWv66UM7ldmBNn5wN03revGW4j7HpLJGMm+6HvnB',
      'wAAAAgUT8+sWJZqHXyO7in2nZlCgPXuYk6Q31thTtaLehW96AAAAABdAECAwQFBgc=',
    ],
    shown:
      'AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBDaRVuQCSXPdLGxxPUVNAiaN5+A6Hr6LyxDy5RjdqUiZnXZWv66UM7ldmBNn5wN03revGW4j7HpLJGMm+6HvnBw=',
  },
  rsa: {
    stored: [
      'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAlwAAAAdzc2gtcn',
      'NhAAAAAwEAAQAAAIEAnfbvhfV570td6Ofm7BrjXGynPox1NnSQiP1S6PQz6oOp7DCzcnNw',
      'Gh6pfg79u7exBkQFfKoO8h8T2+3Yd+Ssx+VYzXK85sgowJgRMbmGhRamTmW8WLMRGYiQ1t',
      'SK1IGnglIXSci4h2pVQK3TgxTxI7tXKdtmgWm4tiUyAD8rQK0AAAH48EkqUvBJKlIAAAAH',
      'c3NoLXJzYQAAAIEAnfbvhfV570td6Ofm7BrjXGynPox1NnSQiP1S6PQz6oOp7DCzcnNwGh',
      '6pfg79u7exBkQFfKoO8h8T2+3Yd+Ssx+VYzXK85sgowJgRMbmGhRamTmW8WLMRGYiQ1tSK',
      '1IGnglIXSci4h2pVQK3TgxTxI7tXKdtmgWm4tiUyAD8rQK0AAAADAQABAAAAgCg+GJdQCl',
      'hkIvCK49GSqAmLxK+yqMnOuGOt5cljLTa5hDifz5eAwTZmSVfMCeggzACEo8E2scgNEsoc',
      'teEVaM69r5gt6JCTXm+f0av3QOTqWB0Ur4ua4TbZJ7LwzN9syyFUB3lb1zDjrQsYUvFrGV',
      '5W3o3o1rvHN3LK1n3MowAhAAAAQFTKO+aV78SmOLqCKL3Jl96JP0zDjjATSpygtfS5+Lsl',
      'dNsrzKIrbQCY4Kjd/cU5JiMdFE5Xhg7SBXIcPuHKhUgAAABBAMr585fENwVamsgC46Uo+j',
      'syZfVFFBYd15TNtaBubj8xqyDcL1AoOjl48Asypk6lu2x7UrplwS6KZVuINU7x6JMAAABB',
      'AMc60gsLWtEsEAFY06WGcsPyYivTYmIexuI+WCZAtF8AetbQq8bwB5iqiD4S6c6Xzh2YbK',
      'pwLomi8DdOJyJCOb8AAAABdAEC',
    ],
    shown:
      'AAAAB3NzaC1yc2EAAAADAQABAAAAgQCd9u+F9XnvS13o5+bsGuNcbKc+jHU2dJCI/VLo9DPqg6nsMLNyc3AaHql+Dv27t7EGRAV8qg7yHxPb7dh35KzH5VjNcrzmyCjAmBExuYaFFqZOZbxYsxEZiJDW1IrUgaeCUhdJyLiHalVArdODFPEju1cp22aBabi2JTIAPytArQ==',
  },
};

function armoured(lines: readonly string[], label = 'OPENSSH PRIVATE KEY'): string {
  const edge = '-----';
  return [`${edge}BEGIN ${label}${edge}`, ...lines, `${edge}END ${label}${edge}`, ''].join('\n');
}

/** Whether what is signed with the private key is right by its own public part. */
async function signsAs(jwk: JsonWebKey, algorithm: { name: string; hash?: string }) {
  const kind = { ...algorithm, namedCurve: jwk.crv ?? '' };
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...shown } = jwk;
  const own = await crypto.subtle.importKey('jwk', jwk, kind, false, ['sign']);
  const theirs = await crypto.subtle.importKey('jwk', shown, kind, false, ['verify']);
  const data = new TextEncoder().encode('who am I');
  const how = { name: algorithm.name, hash: 'SHA-256' };
  return crypto.subtle.verify(how, theirs, await crypto.subtle.sign(how, own, data), data);
}

describe('privateKeyJwk', () => {
  it('reads an Ed25519 key of ssh-keygen; its public part is the one that sshd knows', async () => {
    const pair = ed25519.createKeyPair();
    await pair.importJwk(await privateKeyJwk(armoured(keys.ed25519.stored), ''));
    expect((await pair.getPublicKeyBytes())?.toString('base64')).toBe(keys.ed25519.shown);
    const signer = ed25519.createSigner(pair);
    const data = Buffer.from('who am I');
    const signature = await signer.sign(data);
    const known = ed25519.createKeyPair();
    await known.setPublicKeyBytes(Buffer.from(keys.ed25519.shown, 'base64'));
    const verifier = ed25519.createVerifier(known);
    expect(await verifier.verify(data, signature)).toBe(true);
    expect(await verifier.verify(Buffer.from('somebody else'), signature)).toBe(false);
  });

  it('opens a key with its passphrase, and with no other', async () => {
    const text = armoured(keys.locked.stored);
    const pair = ed25519.createKeyPair();
    await pair.importJwk(await privateKeyJwk(text, 'open sesame'));
    expect((await pair.getPublicKeyBytes())?.toString('base64')).toBe(keys.locked.shown);
    await expect(privateKeyJwk(text, '')).rejects.toThrow('The key needs its passphrase.');
    await expect(privateKeyJwk(text, 'sesame')).rejects.toThrow('The passphrase is wrong.');
  });

  it('reads RSA and ECDSA keys of ssh-keygen', async () => {
    const rsa = await privateKeyJwk(armoured(keys.rsa.stored), '');
    expect(await signsAs(rsa, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' })).toBe(true);
    const ecdsa = await privateKeyJwk(armoured(keys.ecdsa.stored), '');
    expect(await signsAs(ecdsa, { name: 'ECDSA' })).toBe(true);
  });

  it('reads PKCS #8 and PKCS #1', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    for (const type of ['pkcs1', 'pkcs8'] as const) {
      const text = String(privateKey.export({ format: 'pem', type }));
      expect(await privateKeyJwk(text, '')).toMatchObject({
        ...{ kty: 'RSA', n: privateKey.export({ format: 'jwk' }).n },
      });
    }
    const curve = generateKeyPairSync('ed25519').privateKey;
    const text = String(curve.export({ format: 'pem', type: 'pkcs8' }));
    expect(await privateKeyJwk(text, '')).toMatchObject({ kty: 'OKP', crv: 'Ed25519' });
  });

  it('says what it cannot read', async () => {
    await expect(privateKeyJwk('ssh-ed25519 AAAA me', '')).rejects.toThrow(
      'This is not a private key.',
    );
    const old = armoured(['Proc-Type: 4,ENCRYPTED', '', 'AAAA'], 'RSA PRIVATE KEY');
    await expect(privateKeyJwk(old, '')).rejects.toThrow('not supported');
    await expect(privateKeyJwk(armoured(['AAAA'], 'EC PRIVATE KEY'), '')).rejects.toThrow(
      'not supported',
    );
    await expect(privateKeyJwk(armoured(['AAAA']), '')).rejects.toThrow(
      'This is not a private key.',
    );
  });
});
