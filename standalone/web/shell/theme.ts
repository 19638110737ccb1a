import { readStored, store } from './stored.ts';

export type ThemeChoice = 'light' | 'dark' | 'system';

/** The key and the class are known to the first script of the page too (server/indexPage.ts). */
const storageKey = 'theme';
const darkClass = 'pf-v6-theme-dark';
const prefersDark = matchMedia('(prefers-color-scheme: dark)');

export function themeChoice(): ThemeChoice {
  const stored = readStored(storageKey);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function apply(): void {
  const choice = themeChoice();
  const isDark = choice === 'dark' || (choice === 'system' && prefersDark.matches);
  document.documentElement.classList.toggle(darkClass, isDark);
}

export function chooseTheme(choice: ThemeChoice): void {
  store(storageKey, choice);
  apply();
}

/** Follows the system while the choice is to do so, and the choice made in other tabs. */
export function followSystemTheme(): void {
  prefersDark.addEventListener('change', apply);
  window.addEventListener('storage', apply);
}
