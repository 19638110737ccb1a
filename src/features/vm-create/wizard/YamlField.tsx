import { Button } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useYamlHelp } from '~/api/useYamlHelp';
import type { FailureCause } from '~/k8s/errors';
import { virtualMachines } from '~/k8s/models';
import { yamlVm } from '~/kubevirt/create/draftObjects';
import { sysprepSecretName } from '~/kubevirt/create/draftVm';
import { readDraft } from '~/kubevirt/create/readDraft';
import type { VmDraft } from '~/kubevirt/create/vmDraft';
import { YamlEditor } from '~/ui/yaml/YamlEditor';

import type { StepProps } from './StepProps';

interface Props extends StepProps {
  /** What the server refused of it. */
  causes: readonly FailureCause[];
}

/** The VM as YAML to write, with what the cluster's schema says of its fields, and the way back to the form. */
export function YamlField({ draft, change, errorOf, causes }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const text = draft.yaml ?? '';
  const error = errorOf('yaml');
  const read = formOf(text, draft);
  const help = useYamlHelp(virtualMachines, text, causes);
  return (
    <>
      <YamlEditor
        label={t('VirtualMachine as YAML')}
        value={text}
        onChange={(yaml) => change({ yaml })}
        mistake={error}
        {...help}
      />
      <div>
        <Button
          variant="secondary"
          isDisabled={read === undefined}
          onClick={() => {
            if (read) change({ ...read, yaml: undefined });
          }}
        >
          {t('Back to the form')}
        </Button>{' '}
        <Button variant="link" isDanger onClick={() => change({ yaml: undefined })}>
          {t('Discard the YAML')}
        </Button>
        {read === undefined ? (
          <span className="vd-hint">
            {t('The form cannot show all that is written here, so it stays YAML.')}
          </span>
        ) : null}
      </div>
    </>
  );
}

function formOf(text: string, draft: VmDraft): VmDraft | undefined {
  const { namespace, sysprep, also, services } = draft;
  try {
    const read = readDraft(yamlVm(text, namespace));
    // What is kept in the VM's own Secret and what is made beside it are not in the YAML.
    const isTyped =
      sysprep.kind === 'typed' && read?.sysprep.name === sysprepSecretName(read?.name ?? '');
    return read && { ...read, also, services, ...(isTyped && { sysprep }) };
  } catch {
    // No YAML, or not of this shape, which the field and the server say.
    return undefined;
  }
}
