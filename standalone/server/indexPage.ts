import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the server tells the pages; the names are those of the OpenShift console where it has one. */
export interface ServerFlags {
  basePath: '/';
  consolePlugins: readonly string[];
  i18nNamespaces: readonly string[];
  /** The console version that plugins are matched against (`@console/pluginAPI`). */
  releaseVersion: string;
  programVersion: string;
  clusterContext: string;
  /** The project that the kubeconfig's context names. */
  contextNamespace?: string;
  clusterServer: string;
}

/** The files that the page loads, as the build of the shell lists them in `entry-files.json`. */
interface EntryFiles {
  scripts: string[];
  styles: string[];
  /** Scripts that the first ones will ask for. */
  preload: string[];
}

/** The page's theme is set before the first paint; standalone/web/shell/theme.ts does the rest. */
const themeScript = `(function () {
  var choice = null;
  try { choice = localStorage.getItem('virtdeck/theme'); } catch (error) { void error; }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('pf-v6-theme-dark', dark);
})();`;

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect x='2' y='5' width='28' height='18' rx='4' fill='%230066cc'/%3E%3Cpath d='M10 10l5 8h2l5-8' stroke='white' stroke-width='2.5' fill='none'/%3E%3Crect x='9' y='26' width='14' height='2.5' rx='1.2' fill='%230066cc'/%3E%3C/svg%3E";

export async function readEntryFiles(webDir: string): Promise<EntryFiles> {
  const parsed = JSON.parse(
    await readFile(join(webDir, 'entry-files.json'), 'utf8'),
  ) as Partial<EntryFiles>;
  const { scripts = [], styles = [], preload = [] } = parsed;
  return { scripts, styles, preload };
}

export function indexPage(files: EntryFiles, flags: ServerFlags, nonce: string): string {
  const styles = files.styles.map((file) => `<link rel="stylesheet" href="/${file}">`);
  const scripts = files.scripts.map((file) => `<script src="/${file}" defer></script>`);
  const preload = files.preload.map((file) => `<link rel="preload" as="script" href="/${file}">`);
  // "<" could close the script element from within a string.
  const flagsText = JSON.stringify(flags).replaceAll('<', '\\u003c');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>virtdeck</title>
<link rel="icon" href="${icon}">
<script nonce="${nonce}">${themeScript}
window.SERVER_FLAGS = ${flagsText};</script>
${styles.join('\n')}
${scripts.join('\n')}
${preload.join('\n')}
</head>
<body>
<div id="app"></div>
<noscript>virtdeck needs JavaScript. Allow it for this page and reload.</noscript>
</body>
</html>
`;
}

/** A page without script for what has to be said before, or instead of, the console. */
export function plainPage(title: string, message: string, head = ''): string {
  const escape = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
${head}
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem}</style>
</head>
<body><h1>${escape(title)}</h1><p>${escape(message)}</p></body>
</html>
`;
}

/** Enforced on every page; `host` is the address of this very request, for its WebSockets. */
export function contentSecurityPolicy(nonce: string, host: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    // Editors and terminals set style elements at run time; styles cannot carry a nonce there.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    // Not every browser counts ws: to 'self'. Disk images go straight to the upload proxy that the cluster
    // names in its CDIConfig: of a real cluster by https, of the local one on another port.
    `connect-src 'self' ws://${host} https: http://127.0.0.1:*`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
