import type { KubeObject } from '../../client/KubeClient.ts';
import type { Node } from '../../client/resources.ts';
import { ageColumn } from '../printing/ageColumn.ts';
import type { PrinterColumn } from '../ResourceDefinition.ts';
import { builtin } from './builtin.ts';

const roleLabel = 'node-role.kubernetes.io/';

function column(
  name: string,
  text: (node: Node) => string | undefined,
  priority = 0,
): PrinterColumn {
  const value = (object: KubeObject) => {
    const found = text(object);
    return found === undefined || found === '' ? '<none>' : found;
  };
  return { name, type: 'string', value, priority };
}

function statusText({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const state = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec?.unschedulable === true ? `${state},SchedulingDisabled` : state;
}

function rolesText({ metadata }: Node): string {
  return Object.keys(metadata.labels ?? {})
    .filter((label) => label.startsWith(roleLabel))
    .map((label) => label.slice(roleLabel.length))
    .sort()
    .join(',');
}

function address(type: string) {
  return ({ status }: Node) =>
    status?.addresses?.find((candidate) => candidate.type === type)?.address;
}

export const nodeResource = builtin<Node>({
  group: '',
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  namespaced: false,
  generation: false,
  subresources: { status: true },
  selectableFields: ['spec.unschedulable'],
  columns: [
    column('Status', statusText),
    column('Roles', rolesText),
    ageColumn,
    column('Version', ({ status }) => status?.nodeInfo?.['kubeletVersion']),
    column('Internal-IP', address('InternalIP'), 1),
    column('External-IP', address('ExternalIP'), 1),
    column('OS-Image', ({ status }) => status?.nodeInfo?.['osImage'], 1),
    column('Kernel-Version', ({ status }) => status?.nodeInfo?.['kernelVersion'], 1),
    column('Container-Runtime', ({ status }) => status?.nodeInfo?.['containerRuntimeVersion'], 1),
  ],
});
