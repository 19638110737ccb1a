import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Alert, Button, ClipboardCopy, Spinner, Title } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccess } from '~/api/access';
import { objectCreate } from '~/api/objects';
import { useWatchList, useWatchObject } from '~/api/useWatch';
import type { VmRef } from '~/api/vms';
import { rowsOf, dataOf } from '~/k8s/Watched';
import { type Failure, toFailure } from '~/k8s/errors';
import { nodes, services, virtualMachineInstances, virtualMachines } from '~/k8s/models';
import {
  localRdpPort,
  type RdpAddress,
  rdpAddresses,
  rdpFile,
  rdpForwardCommand,
  type RdpNode,
  rdpPort,
  type RdpService,
} from '~/kubevirt/rdp';
import { vmService } from '~/kubevirt/vmService';
import { textDownload } from '~/ui/textDownload';

/** Services are few and small: their parts are looked at whole. */
function wholeService(service: RdpService): RdpService {
  return service;
}

/** How to reach the desktop of a Windows guest: a file for the client, and what brings it there. */
export function RdpAccess({ namespace, name }: VmRef) {
  const { t } = useTranslation('plugin__virtdeck');
  const vm = useWatchObject<V1VirtualMachine>({ model: virtualMachines, namespace, name });
  const vmi = useWatchObject<V1VirtualMachineInstance>({
    model: virtualMachineInstances,
    ...{ namespace, name },
  });
  if (vmi.state === 'loading') return <Spinner aria-label={t('Loading')} />;
  if (vmi.state === 'error') {
    return (
      <Alert isInline variant="danger" title={t(vmi.error.title)}>
        {vmi.error.detail}
      </Alert>
    );
  }
  if (vmi.data === undefined) {
    return <p>{t('The virtual machine is not running. A desktop can be reached once it runs.')}</p>;
  }
  const isInstance = vm.state === 'ready' && vm.data === undefined;
  return <Ways vm={{ namespace, name }} vmi={vmi.data} isInstance={isInstance} />;
}

type WaysProps = { vm: VmRef; vmi: V1VirtualMachineInstance; isInstance: boolean };

function Ways({ vm, vmi, isInstance }: WaysProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { namespace, name } = vm;
  const found = useWatchList<RdpService>({ model: services, namespace, toRow: wholeService });
  const nodeName = vmi.status?.nodeName;
  const node = useWatchObject<RdpNode>(
    nodeName === undefined ? undefined : { model: nodes, namespace: undefined, name: nodeName },
  );
  const addresses = rdpAddresses(vmi, rowsOf(found) ?? [], dataOf(node));
  const local = { host: 'localhost', port: localRdpPort };
  return (
    <div className="vd-rdp">
      <section>
        <Title headingLevel="h2">{t('Through the API of the cluster')}</Title>
        <p>
          {t(
            'Needs no Service and no route, only the rights to this virtual machine. While the command runs, the desktop is at {{address}}.',
            { address: `${local.host}:${local.port}` },
          )}
        </p>
        <ClipboardCopy
          isReadOnly
          isCode
          hoverTip={t('Copy')}
          clickTip={t('Copied')}
          textAriaLabel={t('Command that forwards the port')}
        >
          {rdpForwardCommand({ ...vm, isInstance })}
        </ClipboardCopy>
        <FileButton file={`${name}-localhost`} address={local} />
      </section>
      <section>
        <Title headingLevel="h2">{t('Straight to an address')}</Title>
        {found.state === 'error' ? (
          <Alert isInline variant="warning" title={t('Services could not be read')}>
            {found.error.detail}
          </Alert>
        ) : null}
        {addresses.length === 0 ? (
          <NoAddress vm={vm} />
        ) : (
          <ul className="vd-rdp__addresses">
            {addresses.map((address) => (
              <Address key={`${address.name} ${address.host}`} file={name} address={address} />
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

function Address({ file, address }: { file: string; address: RdpAddress }) {
  const { t } = useTranslation('plugin__virtdeck');
  const text = `${address.host}:${address.port}`;
  const way =
    address.via === 'service'
      ? t('Service {{name}}', { name: address.name })
      : t('Network {{name}}', { name: address.name });
  return (
    <li>
      <span>{way}</span>
      <code>{text}</code>
      <FileButton file={file} address={address} />
    </li>
  );
}

function FileButton({ file, address }: { file: string; address: { host: string; port: number } }) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <Button
      size="sm"
      variant="secondary"
      aria-label={t('Download the .rdp file for {{address}}', {
        address: `${address.host}:${address.port}`,
      })}
      onClick={() => textDownload(`${file}.rdp`, rdpFile(address))}
    >
      {t('Download .rdp file')}
    </Button>
  );
}

function NoAddress({ vm }: { vm: VmRef }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { namespace } = vm;
  const access = useAccess({ verb: 'create', group: '', resource: 'services', namespace });
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const create = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await objectCreate(services, vmService(vm, rdpPort, 'NodePort'));
    } catch (error) {
      setFailure(toFailure(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <p>
        {t(
          'No Service leads to port 3389 from outside the cluster. One of type NodePort opens it at every node, for everybody who reaches the nodes.',
        )}
      </p>
      {failure === undefined ? null : (
        <Alert isInline variant="danger" title={t(failure.title)}>
          {failure.detail}
        </Alert>
      )}
      <Button
        size="sm"
        variant="secondary"
        isLoading={isBusy}
        isDisabled={isBusy || !access.allowed}
        onClick={() => void create()}
      >
        {t('Create a NodePort Service')}
      </Button>
      {access.allowed ? null : (
        <p className="vd-console__hint">
          {t('You are not allowed to do this in project {{namespace}}.', { namespace })}
        </p>
      )}
    </>
  );
}
