import { TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { createAll, CreateAllError, objectText } from '~/api/createAll';
import { toFailure } from '~/k8s/errors';
import { bootSourceObjects, type NewBootSource } from '~/kubevirt/bootSourceObjects';
import { nameMistake, nameTexts } from '~/kubevirt/vmName';
import { FieldGroup } from '~/ui/FieldGroup';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';
import { useSubmit } from '~/ui/useSubmit';

import { TypeFields } from './TypeFields';

interface Props {
  /** Project of the page; undefined for all. */
  namespace: string | undefined;
  onClose: () => void;
}

const GIB = 2 ** 30;

/** Adds a boot source from a web server or a registry: the volume and the DataSource, or none. */
export function BootSourceAddModal({ namespace, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [values, setValues] = useState<NewBootSource>({
    ...{ name: '', namespace: namespace ?? 'default', url: '', bytes: 10 * GIB },
    ...{ instancetype: '', preference: '' },
  });
  const [wasSent, setWasSent] = useState(false);
  const mistakes = {
    name: mistakeOf(values.name),
    namespace: mistakeOf(values.namespace),
    url: /^(?:https?|docker):\/\/[^/\s]+/.test(values.url)
      ? undefined
      : t('Give an address that begins with http://, https:// or docker://.'),
    size: values.bytes > 0 ? undefined : t('Give a size above 0.'),
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
      await createAll(bootSourceObjects(values));
      toastAdd({ tone: 'success', title: t('Added {{name}}', { name: values.name }) });
    },
    onClose,
  );
  const shown = (mistake: string | undefined) => (wasSent && mistake ? t(mistake) : undefined);
  const fields = [
    ['name', t('Name'), mistakes.name, ''],
    ['namespace', t('Project'), mistakes.namespace, ''],
    ['url', t('Address'), mistakes.url, 'https://example.org/disk.qcow2'],
  ] as const;
  return (
    <FormModal
      title={t('Add boot source')}
      submitLabel={t('Add')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      elementToFocus="#vd-name"
      onSubmit={() => {
        setWasSent(true);
        if (!isBad) submit();
      }}
      onCancel={onClose}
    >
      {fields.map(([field, label, mistake, placeholder]) => (
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
            placeholder={placeholder}
            validated={shown(mistake) === undefined ? 'default' : 'error'}
            aria-describedby={`vd-${field}-help`}
            onChange={(_event, text) => setValues({ ...values, [field]: text.trim() })}
          />
        </FieldGroup>
      ))}
      <FieldGroup
        label={t('Size in GiB')}
        fieldId="vd-size"
        help={t('At least what the image needs as a disk.')}
        error={shown(mistakes.size)}
      >
        <TextInput
          id="vd-size"
          type="number"
          min={1}
          value={values.bytes === 0 ? '' : values.bytes / GIB}
          aria-describedby="vd-size-help"
          onChange={(_event, text) => setValues({ ...values, bytes: Number(text) * GIB })}
        />
      </FieldGroup>
      <TypeFields
        namespace={values.namespace}
        instancetype={values.instancetype}
        preference={values.preference}
        onChange={(types) => setValues({ ...values, ...types })}
      />
    </FormModal>
  );
}

function mistakeOf(name: string): string | undefined {
  const mistake = nameMistake(name);
  return mistake && nameTexts[mistake];
}
