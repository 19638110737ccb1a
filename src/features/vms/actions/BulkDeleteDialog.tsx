import { Alert, Checkbox, FormGroup, Spinner, TextInput } from '@patternfly/react-core';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type DependentsOf, vmDeleteTask, vmsDependentsGet } from '~/api/vmDependents';
import { vmJob } from '~/api/vms';
import { toFailure } from '~/k8s/errors';
import { vmCan } from '~/kubevirt/vmCan';
import type { VmDependent } from '~/kubevirt/vmDependents';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { FormModal } from '~/ui/FormModal';

import { NameList } from './NameList';
import { Command } from './OperationCommand';
import { toastJob } from './runAction';
import { RefusalsAlert, useRefusals, vmText } from './useRefusal';

interface Props {
  vms: readonly VmListRow[];
  onClose: () => void;
  onDone: () => void;
}

type Kind = VmDependent['kind'];

const mostNames = 200;

/** What the cluster deletes with a VM by itself goes, unless it is to stay. */
const usual: Readonly<Record<Kind, boolean>> = {
  DataVolume: true,
  VirtualMachineSnapshot: false,
  Service: false,
  Secret: false,
};

/** Asks before many are deleted, and what goes with them: their number has to be typed. */
export function BulkDeleteDialog({ vms, onClose, onDone }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [typed, setTyped] = useState('');
  const [goes, setGoes] = useState(usual);
  const able = useMemo(() => vms.filter((vm) => vmCan('delete', vm).allowed), [vms]);
  const { found, trouble } = useDependents(able);
  const isLooking = found === nothingYet && trouble === '';
  const isSure = typed.trim() === `${able.length}`;
  const tasks = useMemo(
    () =>
      able.map((vm) =>
        vmDeleteTask(
          vm,
          (found.get(vm.key) ?? []).map((one) => ({ ...one, goes: goes[one.kind] })),
        ),
      ),
    [able, found, goes],
  );
  const refusals = useRefusals(
    tasks.flatMap(({ vm, calls }) => calls.map((call) => ({ name: vmText(vm), call }))),
  );
  const submit = () => {
    void vmJob(t('Delete'), tasks).then((job) =>
      toastJob((key, values = {}) => t(key, values), job),
    );
    onClose();
    onDone();
  };
  return (
    <FormModal
      size="small"
      isDanger
      title={t('Delete {{count}} virtual machines?', { count: able.length })}
      submitLabel={t('Delete')}
      cancelLabel={t('Cancel')}
      isSubmitting={false}
      submitError={undefined}
      submitDisabledReason={
        isLooking
          ? t('Looking for what belongs to them')
          : isSure
            ? undefined
            : t('Type the number to confirm.')
      }
      elementToFocus="#vd-delete-count"
      onSubmit={submit}
      onCancel={onClose}
    >
      <RefusalsAlert refusals={refusals} of={able.length} />
      <NameList names={able.map(vmText)} most={mostNames} />
      {able.length < vms.length ? (
        <p>
          {t('{{count}} are left out: they are protected or being deleted already.', {
            count: vms.length - able.length,
          })}
        </p>
      ) : null}
      {trouble === '' ? null : (
        <Alert
          isInline
          component="h2"
          variant="warning"
          title={t(
            'What belongs to them could not be looked up. The disks that they own are deleted with them.',
          )}
        >
          <span className="vd-server-text">{trouble}</span>
        </Alert>
      )}
      {isLooking ? <Spinner size="md" aria-label={t('Looking for what belongs to them')} /> : null}
      {found === nothingYet ? null : <KindChoices found={found} goes={goes} onChange={setGoes} />}
      <Command
        command={tasks.map(({ command }) => command).join('\n')}
        call={tasks.flatMap(({ calls }) => calls)}
      />
      <FormGroup
        label={t('Type {{count}} to confirm', { count: able.length })}
        fieldId="vd-delete-count"
      >
        <TextInput
          id="vd-delete-count"
          value={typed}
          autoComplete="off"
          onChange={(_event, text) => setTyped(text)}
        />
      </FormGroup>
    </FormModal>
  );
}

interface ChoicesProps {
  found: DependentsOf;
  goes: typeof usual;
  onChange: (goes: typeof usual) => void;
}

/** What there is of each kind, with names, to go along or to stay. */
function KindChoices({ found, goes, onChange }: ChoicesProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const names = (kind: Kind) => [
    ...new Set([...found.values()].flat().flatMap((one) => (one.kind === kind ? one.name : []))),
  ];
  const kinds: readonly {
    kind: Kind;
    names: readonly string[];
    label: (count: number) => string;
  }[] = [
    {
      kind: 'DataVolume',
      names: names('DataVolume'),
      label: (count) => t('{{count}} disks with everything on them', { count }),
    },
    {
      kind: 'VirtualMachineSnapshot',
      names: names('VirtualMachineSnapshot'),
      label: (count) => t('{{count}} snapshots', { count }),
    },
    {
      kind: 'Service',
      names: names('Service'),
      label: (count) => t('{{count}} services that lead to them', { count }),
    },
    {
      kind: 'Secret',
      names: names('Secret'),
      label: (count) => t('{{count}} secrets that they use; others may use them too', { count }),
    },
  ];
  const there = kinds.filter((one) => one.names.length > 0);
  if (there.length === 0) return <p>{t('They own no disks. Volumes that they use are kept.')}</p>;
  return (
    <FormGroup role="group" label={t('Delete with them')} fieldId="vd-delete-with" isStack>
      {there.map(({ kind, names: of, label }) => (
        <Checkbox
          key={kind}
          id={`vd-delete-${kind}`}
          label={label(of.length)}
          description={
            <span className="vd-server-text">
              {of.slice(0, mostNames).join(', ')}{' '}
              {of.length > mostNames
                ? t('and {{count}} more', { count: of.length - mostNames })
                : ''}
            </span>
          }
          isChecked={goes[kind]}
          onChange={(_event, checked) => onChange({ ...goes, [kind]: checked })}
        />
      ))}
    </FormGroup>
  );
}

const nothingYet: DependentsOf = new Map();

function useDependents(vms: readonly VmListRow[]): { found: DependentsOf; trouble: string } {
  const [found, setFound] = useState(nothingYet);
  const [trouble, setTrouble] = useState('');
  // Asks the API server, once: what goes with them is not in the list.
  useEffect(() => {
    let isLeft = false;
    vmsDependentsGet(vms).then(
      (all) => {
        if (!isLeft) setFound(all);
      },
      (error: unknown) => {
        if (!isLeft) setTrouble(toFailure(error).detail);
      },
    );
    return () => {
      isLeft = true;
    };
  }, [vms]);
  return { found, trouble };
}
