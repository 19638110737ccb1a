import { useTranslation } from 'react-i18next';
import { DocumentTitle } from '~/console/DocumentTitle';
import { useLocation } from '~/console/navigation';
import { VmConsole } from './VmConsole';
import './consoles.css';

/** The consoles of a VM in a window of their own, `/virtdeck/console/<namespace>/<name>`. */
export default function ConsoleWindowPage() {
  const { t } = useTranslation('plugin__virtdeck');
  const { pathname } = useLocation();
  const [namespace = '', name = ''] = pathname
    .replace(/^.*\/virtdeck\/console\//, '')
    .split('/')
    .map(decodeURIComponent);
  return (
    <div className="vd-console-window">
      <DocumentTitle>{t('{{name}} · Console', { name })}</DocumentTitle>
      <h1 className="pf-v6-screen-reader">{t('Console of {{name}}', { name })}</h1>
      <VmConsole namespace={namespace} name={name} isOwnWindow />
    </div>
  );
}
