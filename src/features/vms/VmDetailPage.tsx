import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Button, PageSection } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useStaleText } from '~/api/useStaleText';
import { useWatchObject } from '~/api/useWatch';
import { useNavigate, useParams, vmHref, vmListHref } from '~/console/navigation';
import { dataOf } from '~/k8s/Watched';
import { virtualMachineInstances, virtualMachines } from '~/k8s/models';
import { EmptyPage } from '~/ui/EmptyPage';
import { LoadingState } from '~/ui/LoadingState';
import { StaleAlert } from '~/ui/StaleAlert';

import { VmDetail } from './detail/VmDetail';
import { VmPageFrame } from './VmPageFrame';
import { WatchError } from './WatchError';

interface Props {
  namespace?: string;
  name?: string;
}

/** One VirtualMachine. */
export default function VmDetailPage(props: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const params = useParams();
  const namespace = props.namespace ?? params['ns'] ?? '';
  const name = props.name ?? params['name'] ?? '';
  return (
    <VmPageFrame
      title={t('{{name}} · Virtual machine', { name })}
      namespace={namespace}
      listHref={vmListHref}
    >
      <WatchedVm key={`${namespace}/${name}`} namespace={namespace} name={name} />
    </VmPageFrame>
  );
}

function WatchedVm({ namespace, name }: { namespace: string; name: string }) {
  const { t } = useTranslation('plugin__virtdeck');
  const staleText = useStaleText();
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
          <StaleAlert {...staleText(vm.stale)} />
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
