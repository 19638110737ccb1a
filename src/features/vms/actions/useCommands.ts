import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { cloneTask } from '~/api/clones';
import { exportTask } from '~/api/exports';
import { memoryDumpTask } from '~/api/memoryDumps';
import { snapshotTask } from '~/api/snapshots';
import { vmMigrationCancel } from '~/api/vms';
import { resourcePath } from '~/k8s/models';
import { shellQuote } from '~/k8s/shellQuote';
import {
  callTarget,
  type KubernetesCall,
  sshCommand,
  vmCall,
  vmCommand,
  type VmRef,
} from '~/kubevirt/vmCall';
import { type VmAction, vmCan } from '~/kubevirt/vmCan';
import { changeCommand, type VmChange } from '~/kubevirt/vmChange';
import { deletionSteps } from '~/kubevirt/vmDependents';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { memoryDumpBytes } from '~/kubevirt/vmMemoryDump';
import { timeName } from '~/kubevirt/vmSnapshots';

import { sshUserGet } from './sshUserGet';
import { powerActions, useActionTexts } from './useActionTexts';
import { useChangeCheck, useCheck } from './useRefusal';
import { isOfInstances } from './useVmActions';

/** One thing that can be done. */
export interface CommandEntry {
  label: string;
  command: string;
  /** The requests of it; none for what is a connection, or is not known yet. */
  calls: readonly (Omit<KubernetesCall, 'method'> & { method: KubernetesCall['method'] | 'GET' })[];
}

/** Whom to log in as, once it is known. */
function useSshUser({ namespace, name, isInstance }: VmRef): string {
  const [user, setUser] = useState('root');
  // Asks the API server, once: the list keeps nothing of cloud-init.
  useEffect(() => {
    let isLeft = false;
    sshUserGet({ namespace, name, ...(isInstance && { isInstance }) }).then(
      (found) => {
        if (!isLeft) setUser(found);
      },
      // Then it is not known who logs in there: root is a guess to be changed in the terminal.
      () => undefined,
    );
    return () => {
      isLeft = true;
    };
  }, [namespace, name, isInstance]);
  return user;
}

/** Address of a connection to the guest. */
function connection(vm: VmRef, subresource: string): CommandEntry['calls'] {
  const { model } = callTarget(vm, 'openConsole');
  return [{ method: 'GET', path: resourcePath(model, { ...vm, subresource }) }];
}

/**
 * All that can be done to a VM in its present state, each as a command and as its requests. What has to be told more
 * has it as the dialog of it proposes.
 */
export function useCommands(vm: VmListRow): readonly CommandEntry[] {
  const { t } = useTranslation('plugin__virtdeck');
  const texts = useActionTexts();
  const { namespace, name } = vm;
  const [taken] = useState(() => timeName(new Date()));
  const can = (action: VmAction, id: string = action) =>
    vmCan(action, vm).allowed && (!vm.isInstance || isOfInstances(id));
  const protection: VmChange = { kind: 'protection', isProtected: !vm.isProtected };
  const protect = useChangeCheck(can('edit', 'protect') ? [vm] : [], protection);
  const cancel = useCheck(
    can('cancelMigration')
      ? [{ name, key: vm.key, call: async () => vmCall(vm, await vmMigrationCancel(vm)) }]
      : [],
  );
  const user = useSshUser(vm);

  const power = powerActions.map((action) => {
    const { label } = texts[action];
    if (action === 'cancelMigration') {
      const command = vmCommand(vm, { action, migration: '' });
      return { action, entry: { label, command, calls: cancel.call ? [cancel.call] : [] } };
    }
    const operation = { action };
    const calls = [vmCall(vm, operation)];
    return { action, entry: { label, command: vmCommand(vm, operation), calls } };
  });
  const source = { kind: 'VirtualMachine', namespace, name } as const;
  const of = (label: string, { command, call }: { command: string; call: KubernetesCall }) => ({
    ...{ label, command, calls: [call] },
  });
  const dump = memoryDumpTask(vm, {
    claim: `${name}-memory-dump`,
    bytes: memoryDumpBytes(vm.memoryBytes ?? 0),
  });
  const deletion = deletionSteps(vm, []);
  const all: readonly { action: VmAction; id?: string; entry: CommandEntry }[] = [
    ...power,
    {
      action: 'openConsole',
      entry: {
        label: t('Open console'),
        command: connectCommand('vnc', vm),
        calls: connection(vm, 'vnc'),
      },
    },
    {
      action: 'openConsole',
      entry: {
        label: t('Serial console'),
        command: connectCommand('console', vm),
        calls: connection(vm, 'console'),
      },
    },
    {
      action: 'copySsh',
      entry: {
        label: t('SSH'),
        command: sshCommand(vm, user),
        calls: connection(vm, 'portforward/22'),
      },
    },
    {
      action: 'clone',
      entry: of(
        t('Clone'),
        cloneTask({ namespace, source, target: `${name}-clone`.slice(-63), start: false }),
      ),
    },
    {
      action: 'snapshot',
      entry: of(
        t('Take snapshot'),
        snapshotTask(vm, { name: `${name.slice(0, 40)}-${taken}`, failureDeadline: 300 }),
      ),
    },
    {
      action: 'export',
      entry: of(
        t('Export'),
        exportTask(source, 2, () => undefined),
      ),
    },
    {
      action: 'memoryDump',
      entry: { label: t('Dump memory'), command: dump.command, calls: dump.calls },
    },
    {
      id: 'protect',
      action: 'edit',
      entry: {
        label: vm.isProtected ? t('Remove deletion protection') : t('Protect from deletion'),
        command: changeCommand(vm, protection),
        calls: protect.call ? [protect.call] : [],
      },
    },
    {
      action: 'delete',
      entry: {
        label: t('Delete'),
        command: deletion.map(({ command }) => command).join('\n'),
        calls: deletion.map(({ call }) => call),
      },
    },
  ];
  return all.filter(({ id, action }) => can(action, id)).map(({ entry }) => entry);
}

/** Connects a terminal or a viewer to the guest. */
function connectCommand(what: 'vnc' | 'console', { namespace, name }: VmRef): string {
  return `virtctl ${what} ${shellQuote(name)} --namespace ${shellQuote(namespace)}`;
}
