import { nameMistake } from './vmForm';

/** What is wrong with a name as a sentence; `true` when nothing is. */
export function mistakeText(t: (key: string) => string, name: string): string | true {
  switch (nameMistake(name)) {
    case undefined:
      return true;
    case 'empty':
      return t('Give it a name.');
    case 'long':
      return t('A name has at most 63 characters.');
    case 'characters':
      return t('Use small letters a to z, digits and hyphens.');
    case 'ends':
      return t('Begin and end with a letter or a digit.');
  }
}
