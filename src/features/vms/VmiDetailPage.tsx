import type { V1VirtualMachineInstance } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Button, PageSection } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useStaleText } from '~/api/useStaleText';
import { useWatchObject } from '~/api/useWatch';
import { instanceListHref, useNavigate, useParams } from '~/console/navigation';
import { virtualMachineInstances } from '~/k8s/models';
import { EmptyPage } from '~/ui/EmptyPage';
import { LoadingState } from '~/ui/LoadingState';
import { StaleAlert } from '~/ui/StaleAlert';

import { VmiDetail } from './detail/VmiDetail';
import { VmPageFrame } from './VmPageFrame';
import { WatchError } from './WatchError';

interface Props {
  namespace?: string;
  name?: string;
}

/** One VirtualMachineInstance. */
export default function VmiDetailPage(props: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const params = useParams();
  const namespace = props.namespace ?? params['ns'] ?? '';
  const name = props.name ?? params['name'] ?? '';
  return (
    <VmPageFrame
      title={t('{{name}} · Instance', { name })}
      namespace={namespace}
      listHref={instanceListHref}
    >
      <WatchedInstance key={`${namespace}/${name}`} namespace={namespace} name={name} />
    </VmPageFrame>
  );
}

function WatchedInstance({ namespace, name }: { namespace: string; name: string }) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const staleText = useStaleText();
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
          <StaleAlert {...staleText(vmi.stale)} />
        </PageSection>
      ) : null}
      <VmiDetail vmi={vmi.data} />
    </>
  );
}
