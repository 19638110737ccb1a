import { Alert, Button, FormSelect, FormSelectOption, Spinner } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { exportDelete, exportTask, exportToken } from '~/api/exports';
import { useWatchObject } from '~/api/useWatch';
import { vmDo } from '~/api/vms';
import { Timestamp } from '~/console/Timestamp';
import { toFailure } from '~/k8s/errors';
import { virtualMachineExports } from '~/k8s/models';
import {
  curlCommand,
  downloadUrl,
  type ExportFile,
  type ExportSource,
  toExportState,
  virtctlCommand,
} from '~/kubevirt/vmExport';
import { CommandView } from '~/ui/CommandView';
import { DialogFrame } from '~/ui/DialogFrame';
import { FieldGroup } from '~/ui/FieldGroup';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';
import { useSubmit } from '~/ui/useSubmit';

import { useErrorText } from '~/api/useErrorText';
import { Command } from './OperationCommand';
import { RefusalAlert, useRefusal } from './useRefusal';

interface Props {
  source: ExportSource;
  onClose: () => void;
}

const lifetimes = [1, 2, 8, 24] as const;

/** Offers disks for download, and then the links. The browser shows how far a download is. */
export function ExportDialog({ source, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { namespace, name } = source;
  const [hours, setHours] = useState<number>(2);
  const [made, setMade] = useState<string>();
  const task = exportTask(source, hours, setMade);
  const refusal = useRefusal(made === undefined ? task.call : undefined);
  const { isSubmitting, submitError, submit } = useSubmit(
    useErrorText(),
    async () => {
      await vmDo(t('Export'), task);
    },
    () => undefined,
  );
  if (made !== undefined) {
    return <Offer offer={{ namespace, name: made }} source={source} onClose={onClose} />;
  }
  return (
    <FormModal
      size="small"
      title={t('Export {{name}}', { name })}
      submitLabel={t('Export')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      onSubmit={submit}
      onCancel={onClose}
    >
      <RefusalAlert refusal={refusal} />
      <p>{t('Its disks can be downloaded for a while by whoever has the link.')}</p>
      <FieldGroup label={t('Ends after (hours)')} fieldId="vd-export-hours" error={undefined}>
        <FormSelect
          id="vd-export-hours"
          value={hours}
          onChange={(_event, value) => setHours(Number(value))}
        >
          {lifetimes.map((one) => (
            <FormSelectOption key={one} value={one} label={String(one)} />
          ))}
        </FormSelect>
      </FieldGroup>
      <Command command={task.command} call={task.call} />
    </FormModal>
  );
}

interface OfferProps {
  /** The VirtualMachineExport. */
  offer: { namespace: string; name: string };
  source: ExportSource;
  onClose: () => void;
}

function Offer({ offer, source, onClose }: OfferProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { namespace, name } = offer;
  const watched = useWatchObject<object>({ model: virtualMachineExports, namespace, name });
  const state = watched.state === 'ready' && watched.data ? toExportState(watched.data) : undefined;
  const { token, trouble } = useToken(namespace, state?.secret ?? '');
  const remove = async () => {
    try {
      await exportDelete(offer);
      onClose();
    } catch (error) {
      toastAdd({ tone: 'danger', title: t('Delete'), detail: toFailure(error).detail });
    }
  };
  const isReady = state?.phase === 'Ready';
  const failure = watched.state === 'error' ? watched.error.detail : trouble;
  return (
    <DialogFrame
      id="vd-export-offer"
      size="medium"
      title={t('Export {{name}}', { name: source.name })}
      submitLabel={t('Stop offering it')}
      cancelLabel={t('Close')}
      isSubmitting={false}
      onSubmit={() => void remove()}
      onCancel={onClose}
    >
      {failure === '' ? null : (
        <Alert isInline component="h2" variant="danger" title={t('Something went wrong')}>
          {failure}
        </Alert>
      )}
      {isReady ? null : (
        <p role="status">
          <Spinner size="md" aria-hidden /> {state?.phase ?? t('Loading')} {state?.waiting}
        </p>
      )}
      {isReady && state.files.length === 0 ? (
        <Alert
          isInline
          component="h2"
          variant="info"
          title={t('This cluster gives no address for downloads: use the command.')}
        />
      ) : null}
      {isReady && token !== '' ? <Files files={state.files} token={token} offer={offer} /> : null}
      {state && state.expires !== '' ? (
        <p className="vd-hint">
          {t('Ends')} <Timestamp timestamp={state.expires} simple />
        </p>
      ) : null}
    </DialogFrame>
  );
}

interface FilesProps {
  files: readonly ExportFile[];
  token: string;
  offer: OfferProps['offer'];
}

function Files({ files, token, offer }: FilesProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const commands = [
    ...files.map((file) => curlCommand(file, token)),
    ...[...new Set(files.map(({ volume }) => volume))].map((volume) =>
      virtctlCommand(offer, volume),
    ),
  ];
  return (
    <>
      {files.map((file) => (
        <p key={file.url}>
          <Button
            variant="link"
            isInline
            component="a"
            href={downloadUrl(file, token)}
            {...(file.format === 'dir' && { target: '_blank', rel: 'noreferrer' })}
          >
            {t('Download {{volume}} as {{format}}', { volume: file.volume, format: file.format })}
          </Button>
        </p>
      ))}
      <CommandView
        label={t('Show the command')}
        copyLabel={t('Copy')}
        copiedLabel={t('Copied')}
        command={commands.join('\n')}
      />
    </>
  );
}

/** The token in a secret; empty while it is not known. */
function useToken(namespace: string, secret: string) {
  const [token, setToken] = useState('');
  const [trouble, setTrouble] = useState('');
  // Asks the API server, once there is a secret: it is not watched.
  useEffect(() => {
    if (secret === '') return undefined;
    let isLeft = false;
    exportToken({ namespace, name: secret }).then(
      (found) => {
        if (!isLeft) setToken(found);
      },
      (error: unknown) => {
        if (!isLeft) setTrouble(toFailure(error).detail);
      },
    );
    return () => {
      isLeft = true;
    };
  }, [namespace, secret]);
  return { token, trouble };
}
