import { type Cause, notSupported } from './Cause.ts';

type Labels = Record<string, string> | undefined;

/** Labels of VMIs that KubeVirt's own parts alone may set (ADM/vmi-create-admitter.go, d923fdb). */
const reserved = [
  'kubevirt.io/created-by',
  'kubevirt.io/migrationJobUID',
  'kubevirt.io/nodeName',
  'kubevirt.io/migrationTargetNodeName',
  'kubevirt.io/schedulable',
  'kubevirt.io/install-strategy',
];

/** Rule 84 of the catalogue. */
export function validateLabels(field: string, labels: Labels): Cause[] {
  if (!reserved.some((label) => labels?.[label] !== undefined)) return [];
  const message =
    'creation of the following reserved kubevirt.io/ labels on a VMI object is prohibited';
  return [notSupported(field, message)];
}

/** The reserved labels with their values, to be compared. */
export const reservedOf = (labels: Labels) =>
  reserved.map((label) => `${label}=${labels?.[label] ?? ''}`).join();
