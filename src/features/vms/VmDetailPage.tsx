import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Alert, Button, PageSection } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useWatchObject } from '~/api/useWatch';
import { NamespaceBar, namespaceScope } from '~/console/ActiveNamespace';
import { DocumentTitle } from '~/console/DocumentTitle';
import { useNavigate, useParams, vmHref, vmListHref } from '~/console/navigation';
import { dataOf } from '~/k8s/Watched';
import { detailOf } from '~/k8s/errors';
import { virtualMachineInstances, virtualMachines } from '~/k8s/models';
import { EmptyPage } from '~/ui/EmptyPage';
import { LoadingState } from '~/ui/LoadingState';
import { ToastHost } from '~/ui/ToastHost';

import { VmDetail } from './detail/VmDetail';
import { TasksFooter } from './TasksFooter';
import { WatchError } from './WatchError';

interface Props {
  namespace?: string;
  name?: string;
}

/** One VirtualMachine. */
export default function VmDetailPage(props: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const params = useParams();
  const namespace = props.namespace ?? params['ns'] ?? '';
  const name = props.name ?? params['name'] ?? '';
  return (
    <>
      <DocumentTitle>{t('{{name}} · Virtual machine', { name })}</DocumentTitle>
      <NamespaceBar
        onNamespaceChange={(next: string) => void navigate(vmListHref(namespaceScope(next)))}
      />
      <WatchedVm key={`${namespace}/${name}`} namespace={namespace} name={name} />
      <TasksFooter namespace={namespace} />
      <ToastHost label={t('Messages')} closeLabel={t('Close')} />
    </>
  );
}

function WatchedVm({ namespace, name }: { namespace: string; name: string }) {
  const { t } = useTranslation('plugin__virtdeck');
  const vm = useWatchObject<V1VirtualMachine>({ model: virtualMachines, namespace, name });
  const vmi = useWatchObject<V1VirtualMachineInstance>({
    model: virtualMachineInstances,
    namespace,
    name,
  });
  const [wasThere, setWasThere] = useState(false);
  if (!wasThere && vm.state === 'ready' && vm.data) setWasThere(true);

  if (vm.state === 'loading') {
    return (
      <PageSection hasBodyWrapper={false}>
        <LoadingState label={t('Loading {{name}}', { name })} />
      </PageSection>
    );
  }
  if (vm.state === 'error') {
    return (
      <WatchError failure={vm.error} what={t('The virtual machine')} onRetry={() => vm.retry()} />
    );
  }
  if (!vm.data) {
    const isAlone = vmi.state === 'ready' && vmi.data !== undefined && !wasThere;
    return isAlone ? (
      <OnlyInstance namespace={namespace} name={name} />
    ) : (
      <NoVm namespace={namespace} name={name} wasDeleted={wasThere} />
    );
  }
  return (
    <>
      {vm.stale ? (
        <PageSection hasBodyWrapper={false} padding={{ default: 'noPadding' }}>
          <Alert
            isInline
            component="h2"
            variant="warning"
            title={t('The connection is lost; trying again')}
          >
            {t('You see the last known state.')} {detailOf(vm.stale, t)}
          </Alert>
        </PageSection>
      ) : null}
      <VmDetail vm={vm.data} vmi={dataOf(vmi)} />
    </>
  );
}

interface NoVmProps {
  namespace: string;
  name: string;
  wasDeleted: boolean;
}

/** Somebody followed a link to a VM, and there is an instance that has none. */
function OnlyInstance({ namespace, name }: { namespace: string; name: string }) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  return (
    <EmptyPage
      headingLevel="h1"
      title={t('{{name}} is an instance without a virtual machine', { name })}
      body={t('It runs, and is not started again when it ends.')}
      action={
        <Button onClick={() => void navigate(vmHref({ namespace, name, isInstance: true }))}>
          {t('To the instance')}
        </Button>
      }
    />
  );
}

function NoVm({ namespace, name, wasDeleted }: NoVmProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  return (
    <EmptyPage
      headingLevel="h1"
      title={
        wasDeleted
          ? t('{{name}} was deleted', { name })
          : t('There is no virtual machine {{name}}', { name })
      }
      body={
        wasDeleted
          ? t('It was deleted while this page was open.')
          : t('Project {{namespace}} has none of this name. It may have been deleted.', {
              namespace,
            })
      }
      action={
        <Button onClick={() => void navigate(vmListHref(namespace))}>
          {t('To the virtual machines of {{namespace}}', { namespace })}
        </Button>
      }
    />
  );
}
