import type { Admission } from '../../apiserver/ResourceDefinition.ts';
import { deniedByWebhook } from '../../apiserver/ApiError.ts';
import { type Cause, invalid } from '../virt-api/validation/Cause.ts';
import {
  deprecatedTopologies,
  isAcross,
  preferredTopology,
  spreadOptions,
  topologyNamed,
} from './cpuTopology.ts';
import type { Instancetype, InstancetypeSpec, Preference, PreferenceSpec } from './resources.ts';

/** KubeVirt pkg/instancetype/webhooks/admitter.go (d923fdb), for either scope. */
export function instancetypeAdmission(webhook: string): Admission<Instancetype> {
  return {
    validate(context) {
      if (context.operation === 'DELETE') return;
      const { spec } = context.object;
      deny(webhook, validateInstancetype(spec));
      if (spec.launchSecurity) {
        context.warn(
          'launchSecurity is deprecated and will be removed in a future release. Use preference instead.',
        );
      }
    },
  };
}

/** KubeVirt pkg/instancetype/preference/webhooks/admitter.go (d923fdb), for either scope. */
export function preferenceAdmission(webhook: string): Admission<Preference> {
  return {
    validate(context) {
      if (context.operation === 'DELETE') return;
      const { spec } = context.object;
      deny(webhook, validatePreference(spec));
      const topology = spec.cpu?.preferredCPUTopology ?? '';
      const now = deprecatedTopologies[topology];
      if (now === undefined) return;
      context.warn(
        `PreferredCPUTopology ${topology} is deprecated for removal in a future release, please use ${now} instead`,
      );
    },
  };
}

function deny(webhook: string, causes: Cause[]): void {
  if (causes.length > 0) throw deniedByWebhook(webhook, causes);
}

function validateInstancetype({ memory }: InstancetypeSpec): Cause[] {
  const percent = memory.overcommitPercent ?? 0;
  const field = 'spec.memory.overcommitPercent';
  const causes: Cause[] = [];
  if (percent < 0 || percent > 100) {
    causes.push(invalid(field, `${field} '${percent}': must be in range between 0 and 100.`));
  }
  if (percent !== 0 && memory.hugepages) {
    causes.push(
      invalid(field, `${field} and spec.memory.hugepages should not be requested together.`),
    );
  }
  return causes;
}

function validatePreference(spec: PreferenceSpec): Cause[] {
  const topology = spec.cpu?.preferredCPUTopology;
  const causes: Cause[] = [];
  if (topology !== undefined && !topologyNamed(topology)) {
    causes.push(
      invalid('spec.cpu.preferredCPUTopology', `unknown preferredCPUTopology ${topology}`),
    );
  }
  if (topology === undefined || preferredTopology(spec) !== 'spread') return causes;
  const { ratio, across } = spreadOptions(spec);
  if (!isAcross(across)) {
    causes.push(invalid('spec.cpu.spreadOptions.across', `across ${across} is not supported`));
  } else if (across === 'CoresThreads' && ratio !== 2) {
    causes.push(
      invalid(
        'spec.cpu.spreadOptions.ratio',
        'only a ratio of 2 (1 core 2 threads) is allowed when spreading vCPUs over cores and threads',
      ),
    );
  }
  return causes;
}
