import type { V1VirtualMachineInstance } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Alert, Button, PageSection } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useWatchObject } from '~/api/useWatch';
import { NamespaceBar, namespaceScope } from '~/console/ActiveNamespace';
import { DocumentTitle } from '~/console/DocumentTitle';
import { instanceListHref, useNavigate, useParams } from '~/console/navigation';
import { detailOf } from '~/k8s/errors';
import { virtualMachineInstances } from '~/k8s/models';
import { EmptyPage } from '~/ui/EmptyPage';
import { LoadingState } from '~/ui/LoadingState';
import { ToastHost } from '~/ui/ToastHost';

import { VmiDetail } from './detail/VmiDetail';
import { TasksFooter } from './TasksFooter';
import { WatchError } from './WatchError';

interface Props {
  namespace?: string;
  name?: string;
}

/** One VirtualMachineInstance. */
export default function VmiDetailPage(props: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const params = useParams();
  const namespace = props.namespace ?? params['ns'] ?? '';
  const name = props.name ?? params['name'] ?? '';
  return (
    <>
      <DocumentTitle>{t('{{name}} · Instance', { name })}</DocumentTitle>
      <NamespaceBar
        onNamespaceChange={(next: string) => void navigate(instanceListHref(namespaceScope(next)))}
      />
      <WatchedInstance key={`${namespace}/${name}`} namespace={namespace} name={name} />
      <TasksFooter namespace={namespace} />
      <ToastHost label={t('Messages')} closeLabel={t('Close')} />
    </>
  );
}

function WatchedInstance({ namespace, name }: { namespace: string; name: string }) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const vmi = useWatchObject<V1VirtualMachineInstance>({
    model: virtualMachineInstances,
    namespace,
    name,
  });
  if (vmi.state === 'loading') {
    return (
      <PageSection hasBodyWrapper={false}>
        <LoadingState label={t('Loading {{name}}', { name })} />
      </PageSection>
    );
  }
  if (vmi.state === 'error') {
    return <WatchError failure={vmi.error} what={t('The instance')} onRetry={() => vmi.retry()} />;
  }
  if (!vmi.data) {
    return (
      <EmptyPage
        headingLevel="h1"
        title={t('There is no instance {{name}}', { name })}
        body={t('Project {{namespace}} has none of this name. It may have been deleted.', {
          namespace,
        })}
        action={
          <Button onClick={() => void navigate(instanceListHref(namespace))}>
            {t('To the instances of {{namespace}}', { namespace })}
          </Button>
        }
      />
    );
  }
  return (
    <>
      {vmi.stale ? (
        <PageSection hasBodyWrapper={false} padding={{ default: 'noPadding' }}>
          <Alert
            isInline
            component="h2"
            variant="warning"
            title={t('The connection is lost; trying again')}
          >
            {t('You see the last known state.')} {detailOf(vmi.stale, t)}
          </Alert>
        </PageSection>
      ) : null}
      <VmiDetail vmi={vmi.data} />
    </>
  );
}
