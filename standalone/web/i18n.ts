import i18next, { type BackendModule } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { serverFlags } from './serverFlags.ts';

/** The shell's own texts. Their keys are the English texts. */
export const shellNamespace = 'console';

const backend: BackendModule = {
  type: 'backend',
  init() {
    // Nothing to set up.
  },
  read(language, namespace, callback) {
    const query = new URLSearchParams({ lng: language, ns: namespace });
    fetch(`/locales/resource.json?${query.toString()}`)
      .then(async (response) => {
        if (!response.ok) throw new Error(`${namespace}: ${response.status}`);
        callback(null, (await response.json()) as Record<string, string>);
      })
      .catch((error: unknown) => {
        callback(error instanceof Error ? error : String(error), null);
      });
  },
};

/** Languages that a browser asks for, without region as the plugin's files are named. */
function languages(): string[] {
  return [...new Set(navigator.languages.map((language) => language.split('-')[0] ?? 'en'))];
}

/** Sets up translation as the OpenShift console does (public/i18n.js), which plugins rely on. */
export async function initI18n(): Promise<void> {
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: languages()[0] ?? 'en',
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
  document.documentElement.lang = i18next.resolvedLanguage ?? 'en';
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
