/** Why a text is no name of a VirtualMachine; keys of the locale file. */
export type NameMistake = 'empty' | 'long' | 'characters' | 'ends';

/**
 * RFC 1123 label, as KubeVirt uses the name for the guest's host name and in labels, where 63
 * characters are the limit.
 */
export function nameMistake(name: string): NameMistake | undefined {
  if (name === '') return 'empty';
  if (name.length > 63) return 'long';
  if (!/^[a-z0-9-]+$/.test(name)) return 'characters';
  return /^[a-z0-9].*[a-z0-9]$|^[a-z0-9]$/.test(name) ? undefined : 'ends';
}

export const nameTexts: Readonly<Record<NameMistake, string>> = {
  empty: 'Give it a name.',
  long: 'A name has at most 63 characters.',
  characters: 'Use small letters a to z, digits and hyphens.',
  ends: 'Begin and end with a letter or a digit.',
};
