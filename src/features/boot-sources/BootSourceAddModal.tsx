import { FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { createAll, CreateAllError, objectText } from '~/api/createAll';
import { uploads } from '~/api/uploads';
import { toFailure } from '~/k8s/errors';
import { bootSourceObjects, type NewBootSource } from '~/kubevirt/bootSourceObjects';
import { formatBytesNeeded, imageFormat } from '~/kubevirt/create/imageFormat';
import { isSchedule } from '~/kubevirt/importCrons';
import { nameMistake, nameTexts } from '~/kubevirt/vmName';
import { FieldGroup } from '~/ui/FieldGroup';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';
import { useSubmit } from '~/ui/useSubmit';

import { OriginFields } from './OriginFields';
import { emptyOrigin, type OriginValues } from './originValues';
import { TypeFields } from './TypeFields';

interface Props {
  /** Project of the page; undefined for all. */
  namespace: string | undefined;
  onClose: () => void;
}

const GIB = 2 ** 30;
const MIB = 2 ** 20;

type Values = Omit<NewBootSource, 'source'>;

/** Adds a boot source: what its image is brought into, and the DataSource that offers it, or none. */
export function BootSourceAddModal({ namespace, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [values, setValues] = useState<Values>({
    ...{ name: '', namespace: namespace ?? 'default', bytes: 10 * GIB },
    ...{ instancetype: '', preference: '' },
  });
  const [origin, setOrigin] = useState<OriginValues>(emptyOrigin);
  const [file, setFile] = useState<File>();
  const [wasSent, setWasSent] = useState(false);
  const hasSize = origin.kind !== 'snapshot';
  const mistakes = {
    name: mistakeOf(t, values.name),
    namespace: mistakeOf(t, values.namespace),
    size: !hasSize || values.bytes > 0 ? undefined : t('Give a size above 0.'),
    origin: originMistake(t, origin, file),
    schedule:
      origin.kind === 'cron' && !isSchedule(origin.schedule)
        ? t('Give the five fields of cron: minute, hour, day, month, weekday.')
        : undefined,
  };
  const isBad = Object.values(mistakes).some((mistake) => mistake !== undefined);
  const { isSubmitting, submitError, submit } = useSubmit(
    (error) => {
      if (!(error instanceof CreateAllError)) {
        const { title, detail } = toFailure(error);
        return { title: t(title), detail };
      }
      const { object, failure } = error.refusal;
      return {
        title: t('Nothing was created'),
        detail: `${objectText(object)}: ${failure.detail}`,
      };
    },
    async () => {
      await createAll(bootSourceObjects({ ...values, source: sourceOf(origin, values) }));
      if (origin.kind === 'upload' && file) await send(values, file);
      toastAdd({ tone: 'success', title: t('Added {{name}}', { name: values.name }) });
    },
    onClose,
  );
  const shown = (mistake: string | undefined) => (wasSent ? mistake : undefined);
  const kinds: readonly (readonly [OriginValues['kind'], string])[] = [
    ['url', t('Web address or registry, fetched once')],
    ['cron', t('Registry, kept up to date')],
    ['upload', t('Upload from this computer')],
    ['claim', t('Copy of a volume')],
    ['vm', t('Disk of a virtual machine')],
    ['snapshot', t('Volume snapshot')],
  ];
  return (
    <FormModal
      title={t('Add boot source')}
      submitLabel={t('Add')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      onSubmit={() => {
        setWasSent(true);
        if (!isBad) submit();
      }}
      onCancel={onClose}
    >
      {(
        [
          ['name', t('Name'), mistakes.name],
          ['namespace', t('Project'), mistakes.namespace],
        ] as const
      ).map(([field, label, mistake]) => (
        <FieldGroup
          key={field}
          label={label}
          fieldId={`vd-${field}`}
          isRequired
          error={shown(mistake)}
        >
          <TextInput
            id={`vd-${field}`}
            isRequired
            autoComplete="off"
            value={values[field]}
            validated={shown(mistake) === undefined ? 'default' : 'error'}
            aria-describedby={`vd-${field}-help`}
            onChange={(_event, text) => setValues({ ...values, [field]: text.trim() })}
          />
        </FieldGroup>
      ))}
      <FieldGroup label={t('Image')} fieldId="vd-origin" error={undefined}>
        <FormSelect
          id="vd-origin"
          value={origin.kind}
          onChange={(_event, kind) => {
            const chosen = kinds.find(([one]) => one === kind)?.[0];
            if (chosen) setOrigin({ ...origin, kind: chosen, name: '', vm: '' });
          }}
        >
          {kinds.map(([kind, label]) => (
            <FormSelectOption key={kind} value={kind} label={label} />
          ))}
        </FormSelect>
      </FieldGroup>
      <OriginFields
        origin={origin}
        namespace={values.namespace}
        error={shown(mistakes.origin)}
        scheduleError={shown(mistakes.schedule)}
        onChange={setOrigin}
        onFile={(chosen) => {
          setFile(chosen);
          void sizeOf(chosen).then((bytes) => setValues((now) => ({ ...now, bytes })));
        }}
        onBytes={(bytes) => setValues((now) => ({ ...now, bytes }))}
      />
      {hasSize ? (
        <FieldGroup
          label={t('Size in GiB')}
          fieldId="vd-size"
          help={t('At least what the image needs as a disk.')}
          error={shown(mistakes.size)}
        >
          <TextInput
            id="vd-size"
            type="number"
            min={0}
            step="any"
            value={values.bytes === 0 ? '' : values.bytes / GIB}
            aria-describedby="vd-size-help"
            onChange={(_event, text) => setValues({ ...values, bytes: Number(text) * GIB })}
          />
        </FieldGroup>
      ) : null}
      <TypeFields
        namespace={values.namespace}
        instancetype={values.instancetype}
        preference={values.preference}
        onChange={(types) => setValues({ ...values, ...types })}
      />
    </FormModal>
  );
}

function mistakeOf(t: (text: string) => string, name: string): string | undefined {
  const mistake = nameMistake(name);
  return mistake && t(nameTexts[mistake]);
}

function originMistake(
  t: (text: string) => string,
  { kind, url, name }: OriginValues,
  file: File | undefined,
): string | undefined {
  switch (kind) {
    case 'url':
      return /^(?:https?|docker):\/\/[^/\s]+/.test(url)
        ? undefined
        : t('Give an address that begins with http://, https:// or docker://.');
    case 'cron':
      return /^docker:\/\/\S+/.test(url)
        ? undefined
        : t('Give an address that begins with docker://.');
    case 'upload':
      return file && file.size > 0 ? undefined : t('Choose a file that is not empty.');
    default:
      return name === '' ? t('Choose where the disk comes from.') : undefined;
  }
}

function sourceOf(origin: OriginValues, { namespace }: Values): NewBootSource['source'] {
  const { kind, url, schedule, name } = origin;
  switch (kind) {
    case 'url':
      return { kind, url };
    case 'cron':
      return { kind, url, schedule };
    case 'upload':
      return { kind };
    case 'claim':
    case 'vm':
      return { kind: 'claim', namespace, name };
    case 'snapshot':
      return { kind, namespace, name };
  }
}

async function headOf(file: File) {
  const head = new Uint8Array(await file.slice(0, formatBytesNeeded).arrayBuffer());
  return imageFormat(head, file.size);
}

/** Of a packed image it is not known how large it is: CDI says when it does not fit. */
async function sizeOf(file: File): Promise<number> {
  const { diskBytes } = await headOf(file);
  return Math.ceil((diskBytes ?? file.size * 4) / MIB) * MIB;
}

async function send({ name, namespace, bytes }: Values, file: File): Promise<void> {
  const { name: format } = await headOf(file);
  uploads.add(
    {
      ...{ namespace, name, format, fileName: file.name, bytes: file.size, volumeBytes: bytes },
      ...{ storageClass: '', wantedSha256: undefined, part: { from: 0, fileBytes: file.size } },
    },
    file,
  );
}
