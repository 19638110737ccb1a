import { readStored, store } from './shell/stored.ts';

/** The languages that the console speaks, each by its own name. */
export const languages = [
  ['de', 'Deutsch'],
  ['en', 'English'],
  ['es', 'Español'],
  ['fr', 'Français'],
  ['ja', '日本語'],
  ['ko', '한국어'],
  ['zh', '简体中文'],
] as const;

export type Language = (typeof languages)[number][0];

const storageKey = 'language';

function isLanguage(text: string | undefined): text is Language {
  return languages.some(([language]) => language === text);
}

/** The user's choice; undefined when it is left to the browser. */
export function languageChoice(): Language | undefined {
  const stored = readStored(storageKey);
  return isLanguage(stored) ? stored : undefined;
}

/** Remembers a choice; undefined leaves it to the browser again. */
export function storeLanguageChoice(choice: Language | undefined): void {
  store(storageKey, choice ?? '');
}

/** The language to speak: the user's choice, else the first of the browser's that there is. */
export function languageToSpeak(): Language {
  const wanted = navigator.languages.map((tag) => tag.split('-')[0]);
  return languageChoice() ?? wanted.find(isLanguage) ?? 'en';
}
