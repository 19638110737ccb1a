import { type Document, isMap, isScalar, isSeq, parseDocument } from 'yaml';

/** What the form shows of cloud-init's user data; everything else in it stays as it is written. */
export interface CloudConfig {
  user: string;
  password: string;
  sshKeys: readonly string[];
  hostname: string;
}

const HEADER = '#cloud-config';

/** Why the form cannot show a user data; `undefined` when it can. Scripts and archives are no YAML. */
export function cloudConfigMistake(text: string): string | undefined {
  if (text.trim() === '' || !isYaml(text)) return undefined;
  const { errors } = parseDocument(text);
  return errors[0]?.message;
}

/** Whether a user data is a cloud-config, or nothing as yet: a script begins with `#!`. */
export function isYaml(text: string): boolean {
  return text.trim() === '' || text.trimStart().startsWith(HEADER);
}

function textAt(document: Document, key: string): string {
  const value = document.get(key);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function readCloudConfig(text: string): CloudConfig {
  const none: CloudConfig = { user: '', password: '', sshKeys: [], hostname: '' };
  if (!isYaml(text)) return none;
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return none;
  const keys = document.get('ssh_authorized_keys');
  return {
    user: textAt(document, 'user'),
    password: textAt(document, 'password'),
    hostname: textAt(document, 'hostname'),
    sshKeys: isSeq(keys)
      ? keys.items.flatMap((item) =>
          isScalar(item) && typeof item.value === 'string' ? [item.value] : [],
        )
      : [],
  };
}

/** Writes the form's values into a user data, in which everything else stays, comments too. */
export function writeCloudConfig(text: string, change: Partial<CloudConfig>): string {
  const now = readCloudConfig(text);
  const next = { ...now, ...change };
  const document: Document = parseDocument(text.trim() === '' ? `${HEADER}\n{}` : text);
  // An empty map is written in braces, and stays so.
  if (isMap(document.contents)) document.contents.flow = false;
  else document.contents = document.createNode({});
  const set = (key: string, value: unknown) => {
    const isEmpty = value === '' || (Array.isArray(value) && value.length === 0);
    if (isEmpty) document.delete(key);
    else document.set(key, value);
  };
  if (next.user !== now.user) set('user', next.user);
  if (next.hostname !== now.hostname) set('hostname', next.hostname);
  if (next.password !== now.password) {
    set('password', next.password);
    // Without these it expires at the first login, and SSH does not take it.
    if (next.password === '') {
      document.delete('chpasswd');
      document.delete('ssh_pwauth');
    } else {
      if (!document.has('chpasswd')) document.set('chpasswd', { expire: false });
      if (!document.has('ssh_pwauth')) document.set('ssh_pwauth', true);
    }
  }
  if (next.sshKeys !== now.sshKeys) set('ssh_authorized_keys', [...next.sshKeys]);
  if (isMap(document.contents) && document.contents.items.length === 0) return '';
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

const letters = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A password that can be read aloud: three groups of four, without letters that look alike; 60 bits. */
export function makePassword(random: (length: number) => Uint8Array): string {
  // 32 letters: each is 5 bits of a byte, so that all are equally likely.
  const chosen = [...random(12)].map((byte) => letters[byte % 32] ?? '').join('');
  return [chosen.slice(0, 4), chosen.slice(4, 8), chosen.slice(8)].join('-');
}
