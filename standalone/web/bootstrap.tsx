import '@patternfly/patternfly/patternfly-base.css';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { initI18n, loadPluginTexts } from './i18n.ts';
import { connection } from './k8s/ApiConnection.ts';
import { PluginLoads } from './plugins/PluginLoads.ts';
import { App } from './shell/App.tsx';
import { followSystemTheme } from './shell/theme.ts';
import './shell/shell.css';

async function start(): Promise<void> {
  const styles = import(/* webpackChunkName: "plugin-styles" */ './pluginStyles.ts');
  await Promise.all([__webpack_init_sharing__('default'), initI18n()]);
  const plugins = new PluginLoads(__webpack_share_scopes__.default);
  // Texts that are missing show as their keys, which are English.
  const texts = loadPluginTexts();
  const ready = Promise.allSettled([styles, texts]);
  void plugins.load(ready);
  connection.start();
  followSystemTheme();

  const element = document.getElementById('app');
  if (!element) throw new Error('The page has no element for the console. Reload it.');
  createRoot(element).render(
    <BrowserRouter>
      <App plugins={plugins} />
    </BrowserRouter>,
  );
}

start().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  // In English, because the texts may be what did not come.
  document.body.textContent = `virtdeck could not start: ${message}. Reload the page.`;
});
