import { nameMistake, nameTexts } from '~/kubevirt/vmName';

/** What is wrong with a name as a sentence; `true` when nothing is. */
export function mistakeText(t: (key: string) => string, name: string): string | true {
  const mistake = nameMistake(name);
  return mistake === undefined || t(nameTexts[mistake]);
}
