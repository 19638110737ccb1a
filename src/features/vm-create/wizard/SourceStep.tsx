import { Button } from '@patternfly/react-core';
import PlusCircleIcon from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import { useTranslation } from 'react-i18next';

import type { BootSources } from '~/api/bootSources';
import type { InstanceTypes } from '~/api/instanceTypes';
import { toAmount } from '~/kubevirt/create/amount';
import { withProject } from '~/kubevirt/create/draftReferences';
import { originOf, withOrigin } from '~/kubevirt/create/origin';
import { diskDraft, draftNames, freeName, maxCount, type VmDraft } from '~/kubevirt/create/vmDraft';
import { FieldGroup } from '~/ui/FieldGroup';
import { ProjectField } from '~/ui/ProjectField';

import { NumberField } from '~/ui/NumberField';
import { OriginCards } from './OriginCards';
import { OriginFields } from './OriginFields';
import { SourceFields } from '../../forms/SourceFields';
import { applianceOpen } from '../appliance/applianceOpen';
import type { StepProps } from './StepProps';
import { TextField } from '~/ui/TextField';

interface Props extends StepProps {
  sources: BootSources;
  types: InstanceTypes;
  projects: readonly string[] | undefined;
}

/** What it is called, where it lives, and what its first disk starts with. */
export function SourceStep(props: Props) {
  const { draft, change, errorOf, sources, projects } = props;
  const { t } = useTranslation('plugin__virtdeck');
  const origin = originOf(draft);
  const isWhole = draft.copy !== undefined || draft.template !== undefined;
  return (
    <>
      <div className="vd-field-row">
        <TextField
          id="vd-name"
          label={t('Name')}
          isRequired
          value={draft.name}
          error={errorOf('name')}
          help={draft.count > 1 ? namesText(draft) : undefined}
          onChange={(name) => change({ name })}
        />
        <ProjectField
          id="vd-project"
          label={t('Project')}
          placeholder={t('Choose a project')}
          projects={projects}
          value={draft.namespace}
          error={errorOf('namespace')}
          onChange={(namespace) => change(withProject(draft, namespace))}
        />
        <NumberField
          id="vd-count"
          label={t('How many')}
          max={maxCount}
          value={draft.count}
          help={draft.count > 1 ? t('{n} in the name is the number.') : undefined}
          error={errorOf('count')}
          onChange={(count) => change({ count: count ?? 0 })}
        />
      </div>
      {isWhole ? null : (
        <TextField
          id="vd-description"
          label={t('Description')}
          value={draft.description}
          onChange={(description) => change({ description })}
        />
      )}
      <OriginCards value={origin} onChoose={(origin) => change(withOrigin(draft, origin))} />
      <OriginFields {...props} />
      {origin === 'blank' && !draft.disks.some(({ kind }) => kind === 'cdrom') ? (
        <div>
          <Button
            variant="link"
            isInline
            icon={<PlusCircleIcon />}
            onClick={() => change({ disks: withMedium(draft) })}
          >
            {t('Add an installation medium (ISO)')}
          </Button>
        </div>
      ) : null}
      {draft.disks.map((disk, index) =>
        disk.kind === 'cdrom' && index > 0 && !isWhole ? (
          <FieldGroup
            key={disk.name}
            label={t('Installation medium')}
            fieldId={`vd-disk-${index}-source`}
            error={undefined}
          >
            <SourceFields
              id={`vd-disk-${index}-source`}
              disk={disk}
              namespace={draft.namespace}
              vmName={draft.name}
              sources={sources}
              error={errorOf(`disk-${index}-source`)}
              onAppliance={applianceOpen}
              onChange={(next) =>
                change({
                  disks: draft.disks.map((one, other) => (other === index ? next : one)),
                })
              }
            />
          </FieldGroup>
        ) : null,
      )}
    </>
  );
}

function namesText(draft: VmDraft): string {
  const names = draftNames(draft);
  const [first = '', second = ''] = names;
  return names.length > 2 ? `${first}, ${second} … ${names.at(-1) ?? ''}` : names.join(', ');
}

/** The empty disk first: it cannot boot until the system is on it, and afterwards the medium is not wanted. */
function withMedium({ disks }: VmDraft): VmDraft['disks'] {
  const names = disks.map(({ name }) => name);
  const name = names.includes('medium') ? freeName('medium', names) : 'medium';
  return [
    ...disks.map((disk, index) => (index === 0 ? { ...disk, bootOrder: 1 } : disk)),
    {
      ...diskDraft(name, { kind: 'url', url: '' }),
      kind: 'cdrom',
      size: toAmount(8 * 2 ** 30),
      bootOrder: 2,
    },
  ];
}
