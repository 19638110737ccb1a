import type {
  V1InstancetypeMatcher,
  V1PreferenceMatcher,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { VirtualMachine } from '../resources.ts';
import { type Cause, invalid, notSupported } from '../virt-api/validation/Cause.ts';
import type { MatcherField } from './findSpecs.ts';

type Matcher = V1InstancetypeMatcher | V1PreferenceMatcher;

/**
 * Mistakes in `spec.instancetype` and `spec.preference`; the first matcher that has some is told alone.
 * KubeVirt: pkg/instancetype/webhooks/vm/mutator.go (d923fdb).
 */
export function validateMatchers(vm: VirtualMachine, before: VirtualMachine | undefined): Cause[] {
  const fields: readonly MatcherField[] = ['instancetype', 'preference'];
  const checks = [
    ...fields.map((field) => () => validateChange(field, vm.spec[field], before?.spec[field])),
    ...fields.map((field) => () => validateMatcher(field, vm.spec[field])),
  ];
  for (const check of checks) {
    const causes = check();
    if (causes.length > 0) return causes;
  }
  return [];
}

function validateChange(
  field: MatcherField,
  matcher: Matcher | undefined,
  before: Matcher | undefined,
): Cause[] {
  if (!matcher?.revisionName || !before) return [];
  if (matcher.name === before.name || matcher.revisionName !== before.revisionName) return [];
  return [
    invalid(
      `spec.${field}.revisionName`,
      'the Matcher Name has been updated without updating the RevisionName',
    ),
  ];
}

function validateMatcher(field: MatcherField, matcher: Matcher | undefined): Cause[] {
  if (!matcher) return [];
  const path = `spec.${field}`;
  const kind = field === 'instancetype' ? 'InstancetypeMatcher' : 'PreferenceMatcher';
  const causes: Cause[] = [];
  if (!matcher.name && !matcher.inferFromVolume) {
    causes.push({
      reason: 'FieldValueNotFound',
      message: `Either Name or InferFromVolume should be provided within the ${kind}`,
      field: path,
    });
  }
  if (matcher.inferFromVolume) {
    for (const [part, word] of [
      ['name', 'Name'],
      ['kind', 'Kind'],
    ] as const) {
      if (!matcher[part]) continue;
      const message = `${word} already set, should be cleared before setting inferFromVolume`;
      causes.push(notSupported(`${path}.${part}`, message));
    }
  }
  const policy = matcher.inferFromVolumeFailurePolicy;
  if (policy !== undefined && policy !== 'Ignore' && policy !== 'Reject') {
    causes.push(
      invalid(
        `${path}.inferFromVolumeFailurePolicy`,
        `Invalid value '${policy}' for InferFromVolumeFailurePolicy`,
      ),
    );
  }
  return causes;
}
