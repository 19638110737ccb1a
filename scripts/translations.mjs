// What is wrong with the translations of one catalogue, as lines to print.
//
// A translation is complete when it has each text in each plural form of its language (CLDR, by
// Intl.PluralRules; suffixes as i18next names them), with the placeholders and tags of the English.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const languages = ['de', 'es', 'fr', 'ja', 'ko', 'zh'];

/** Texts that are right as they are in English: names and terms, and words that languages share. */
const sameAsEnglish = JSON.parse(
  readFileSync(fileURLToPath(new URL('sameAsEnglish.json', import.meta.url)), 'utf8'),
);

const pluralSuffix = /_(?:zero|one|two|few|many|other)$/;

/** The keys that a language must have for the keys of the English (`_one` and `_other`). */
export function keysIn(language, englishKeys) {
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
  const keys = new Set();
  for (const key of englishKeys) {
    if (!pluralSuffix.test(key)) keys.add(key);
    else for (const form of pluralCategories) keys.add(key.replace(pluralSuffix, `_${form}`));
  }
  return keys;
}

function placeholders(text) {
  return [...text.matchAll(/\{\{\s*(\w+)[^}]*\}\}/g)].map(([, name]) => name);
}

function tags(text) {
  return [...text.matchAll(/<\/?\w+\s*\/?>/g)].map(([tag]) => tag);
}

/** `count` may be spelled out where it can be one number only: "the disk" for "1 disk". */
function valuesOf(text, key) {
  const names = placeholders(text).sort();
  return key.endsWith('_one') ? names.filter((name) => name !== 'count') : names;
}

function faultOf(language, key, english, translation) {
  if (typeof translation !== 'string' || translation.trim() === '') return 'empty';
  const wanted = valuesOf(english, key);
  if (wanted.join() !== valuesOf(translation, key).join())
    return `placeholders must be those of the English: ${wanted.join(', ') || 'none'}`;
  if (tags(english).sort().join() !== tags(translation).sort().join())
    return 'tags must be those of the English';
  const hasWords = /\p{L}{2}/u.test(english.replaceAll(/\{\{[^}]*\}\}/g, ''));
  const mayBeSame = [...sameAsEnglish.all, ...sameAsEnglish[language]].includes(english);
  if (translation === english && hasWords && !mayBeSame)
    return 'still English (if it is right so, add it to scripts/sameAsEnglish.json)';
  return undefined;
}

/**
 * `english` has the English text of each key, `translations` what the language's file has. Gives
 * `<key>: <what is wrong>` for each fault.
 */
export function translationFaults(language, english, translations) {
  const wanted = keysIn(language, Object.keys(english));
  const faults = Object.keys(translations)
    .filter((key) => !wanted.has(key))
    .map((key) => `unused: ${key}`);
  for (const key of wanted) {
    const text = english[key] ?? english[key.replace(pluralSuffix, '_other')];
    if (!(key in translations)) faults.push(`missing: ${key}`);
    else {
      const fault = faultOf(language, key, text, translations[key]);
      if (fault !== undefined) faults.push(`${fault}: ${key}`);
    }
  }
  return faults;
}
