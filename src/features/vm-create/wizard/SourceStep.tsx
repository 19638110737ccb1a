import { Button } from '@patternfly/react-core';
import PlusCircleIcon from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import { useTranslation } from 'react-i18next';

import { toAmount, toBytes } from '~/kubevirt/create/amount';
import { parseTypeKey } from '~/kubevirt/create/typeKey';
import {
  diskDraft,
  draftNames,
  type DraftSource,
  freeName,
  maxCount,
  rootDisk,
  type VmDraft,
} from '~/kubevirt/create/vmDraft';
import { FieldGroup } from '~/ui/FieldGroup';
import { ProjectField } from '~/ui/ProjectField';
import { RadioCard } from '~/ui/RadioCard';

import { BootSourceField } from '../BootSourceField';
import type { BootSources } from '~/api/bootSources';
import { suggestSizes, suggestType } from '../vmForm';
import type { InstanceTypes } from '~/api/instanceTypes';
import { NumberField } from './NumberField';
import { SourceFields } from './SourceFields';
import { emptySource, useSourceChoices } from './sourceKinds';
import type { StepProps } from './StepProps';
import { TextField } from './TextField';

interface Props extends StepProps {
  sources: BootSources;
  types: InstanceTypes;
  projects: readonly string[] | undefined;
}

/** What it is called, where it lives, and what its first disk starts with. */
export function SourceStep(props: Props) {
  const { draft, change, errorOf, sources, types, projects } = props;
  const { t } = useTranslation('plugin__virtdeck');
  const [root] = draft.disks;
  const source = root?.source;
  const take = (next: DraftSource) => change(withSource(draft, next));
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
          onChange={(namespace) => change({ namespace })}
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
      <TextField
        id="vd-description"
        label={t('Description')}
        value={draft.description}
        onChange={(description) => change({ description })}
      />
      <SourceKindCards
        value={source?.kind}
        onChoose={(kind) => take(emptySource(kind, draft.namespace))}
      />
      {source?.kind === 'dataSource' ? (
        <BootSourceField
          sources={sources}
          value={`${source.namespace}/${source.name}`}
          error={errorOf('disk-0-source')}
          hasBlank={false}
          onChoose={({ value, bytes }) => {
            const [namespace = '', name = ''] = value.split('/');
            const row = sources.rows.find(({ key }) => key === value);
            const next = withSource(draft, { kind: 'dataSource', namespace, name });
            const { disk } = suggestSizes({ bytes, memoryBytes: row?.memoryBytes });
            const type = suggestType(row, types.types);
            const preference = row?.preference ?? '';
            change({
              ...next,
              disks: next.disks.map((one, index) =>
                index === 0 && toBytes(one.size) < toBytes(disk) ? { ...one, size: disk } : one,
              ),
              ...(type !== '' && { compute: { kind: 'instancetype', type: parseTypeKey(type) } }),
              preference: preference === '' ? undefined : parseTypeKey(preference),
            });
          }}
        />
      ) : root ? (
        <SourceFields
          id="vd-root-source"
          disk={root}
          namespace={draft.namespace}
          vmName={draft.name}
          sources={sources}
          error={errorOf('disk-0-source')}
          onChange={(disk) => change({ disks: [disk, ...draft.disks.slice(1)] })}
        />
      ) : null}
      {source?.kind === 'blank' && !draft.disks.some(({ kind }) => kind === 'cdrom') ? (
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
        disk.kind === 'cdrom' && index > 0 ? (
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

function withSource(draft: VmDraft, source: DraftSource): Pick<VmDraft, 'disks'> {
  const [root = diskDraft(rootDisk, source), ...others] = draft.disks;
  return { disks: [{ ...root, source }, ...others] };
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

interface CardsProps {
  value: DraftSource['kind'] | undefined;
  onChoose: (kind: DraftSource['kind']) => void;
}

function SourceKindCards({ value, onChoose }: CardsProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const choices = useSourceChoices();
  return (
    <FieldGroup
      label={t('Where the system comes from')}
      fieldId="vd-source-kind"
      role="radiogroup"
      error={undefined}
    >
      <div className="vd-radio-cards">
        {choices.map(({ kind, title, text, disabledReason }) => (
          <RadioCard
            key={kind}
            name="vd-source-kind"
            value={kind}
            title={title}
            isChecked={kind === value}
            isDisabled={disabledReason !== undefined}
            onChoose={() => onChoose(kind)}
          >
            <span className="vd-hint">{disabledReason ?? text}</span>
          </RadioCard>
        ))}
      </div>
    </FieldGroup>
  );
}
