import i18next, { type BackendModule } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { type Language, languageToSpeak, storeLanguageChoice } from './languages.ts';
import { serverFlags } from './serverFlags.ts';

/** The shell's own texts. Their keys are the English texts. */
export const shellNamespace = 'console';

async function readTexts(language: string, namespace: string): Promise<Record<string, string>> {
  if (namespace === shellNamespace) {
    const texts = (await import(
      /* webpackChunkName: "texts-[request]" */ `./locales/${language}.json`
    )) as { default: Record<string, string> };
    return texts.default;
  }
  const query = new URLSearchParams({ lng: language, ns: namespace });
  const response = await fetch(`/locales/resource.json?${query.toString()}`);
  if (!response.ok) throw new Error(`${namespace}: ${response.status}`);
  return (await response.json()) as Record<string, string>;
}

const backend: BackendModule = {
  type: 'backend',
  init() {
    // Nothing to set up.
  },
  read(language, namespace, callback) {
    readTexts(language, namespace).then(
      (texts) => callback(null, texts),
      (error: unknown) => callback(error instanceof Error ? error : String(error), null),
    );
  },
};

function markPage(): void {
  document.documentElement.lang = i18next.language;
}

/** Sets up translation as the OpenShift console does (public/i18n.js), which plugins rely on. */
export async function initI18n(): Promise<void> {
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: languageToSpeak(),
      fallbackLng: 'en',
      load: 'languageOnly',
      ns: [shellNamespace],
      defaultNS: shellNamespace,
      partialBundledLanguages: true,
      resources: { en: { [shellNamespace]: {} } },
      nsSeparator: '~',
      keySeparator: false,
      contextSeparator: '~',
      interpolation: { escapeValue: false },
      react: {
        useSuspense: true,
        transSupportBasicHtmlNodes: true,
      },
    });
  markPage();
  i18next.on('languageChanged', markPage);
  // Another tab has made a choice.
  window.addEventListener('storage', () => void speakChosenLanguage());
}

async function speakChosenLanguage(): Promise<void> {
  const language = languageToSpeak();
  if (language !== i18next.language) await i18next.changeLanguage(language);
}

/** Speaks another language from now on; undefined follows the browser. */
export async function chooseLanguage(choice: Language | undefined): Promise<void> {
  storeLanguageChoice(choice);
  await speakChosenLanguage();
}

/** Translates a text of the shell outside of components. */
export function t(text: string, values: Record<string, string | number> = {}): string {
  return i18next.t(text, { ns: shellNamespace, ...values });
}

/** Starts to load the texts of the plugins; names in extensions use them before any page does. */
export function loadPluginTexts(): Promise<void> {
  return i18next.loadNamespaces([...serverFlags().i18nNamespaces]);
}

/** Translates `%namespace~key%`, the form of texts in extensions; other texts stay as they are. */
export function translateExtensionText(text: string): string {
  const key = /^%(.+)%$/.exec(text)?.[1];
  if (key === undefined) return text;
  return i18next.t(key, { defaultValue: key.split('~').slice(1).join('~') || key });
}
