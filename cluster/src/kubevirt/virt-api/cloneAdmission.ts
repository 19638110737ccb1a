import { randomBytes } from 'node:crypto';

import { deniedByWebhook } from '../../apiserver/ApiError.ts';
import type { Admission } from '../../apiserver/ResourceDefinition.ts';
import type { VirtualMachineClone } from '../virt-controller/clone/resources.ts';
import { type Cause, invalid } from './validation/Cause.ts';
import { isMac } from './validation/validateNetworks.ts';

const webhook = 'virtualmachineclone-validator.clone.kubevirt.io';

const kinds: Readonly<Record<string, string>> = {
  VirtualMachine: 'kubevirt.io',
  VirtualMachineSnapshot: 'snapshot.kubevirt.io',
};

/** KubeVirt's webhooks for VirtualMachineClones (ADM/vmclone-admitter.go and its mutator, d923fdb). */
export const cloneAdmission: Admission<VirtualMachineClone> = {
  mutate({ operation, object }) {
    if (operation !== 'CREATE') return;
    const { spec } = object;
    const made = `clone-${spec.source.name}-${randomBytes(4).toString('hex').slice(0, 5)}`;
    spec.target ??= { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: made };
    if (!spec.target.name) spec.target.name = made;
  },
  validate(context) {
    if (context.operation === 'DELETE' || context.subresource !== '') return;
    const { spec } = context.object;
    const causes =
      context.operation === 'UPDATE'
        ? changes(spec, context.oldObject.spec)
        : [
            ...references(spec),
            ...filters('spec.annotationFilters', spec.annotationFilters),
            ...filters('spec.labelFilters', spec.labelFilters),
            ...filters('spec.template.annotationFilters', spec.template?.annotationFilters),
            ...filters('spec.template.labelFilters', spec.template?.labelFilters),
            ...addresses(spec.newMacAddresses),
            ...patches(spec.patches),
            ...policies(spec.volumeNamePolicy),
          ];
    if (causes.length > 0) throw deniedByWebhook(webhook, causes);
  },
};

type Spec = VirtualMachineClone['spec'];

function changes(spec: Spec, before: Spec): Cause[] {
  if (JSON.stringify(spec) === JSON.stringify(before)) return [];
  // The misspelling is KubeVirt's.
  return [invalid('spec', 'spec in immutable after creation')];
}

function references({ source, target }: Spec): Cause[] {
  if (!source.apiGroup) return [invalid('spec.source', "Source's APIGroup cannot be empty")];
  if (kinds[source.kind] !== source.apiGroup) {
    return [invalid('spec.source', 'Source kind is not supported')];
  }
  const causes: Cause[] = [];
  if (!source.name) causes.push(invalid('spec.source', "Source's name cannot be empty"));
  if (target && (target.kind !== 'VirtualMachine' || target.apiGroup !== 'kubevirt.io')) {
    causes.push(invalid('spec.target', 'Target kind is not supported'));
  }
  if (source.kind === 'VirtualMachine' && target?.name === source.name) {
    const text = 'Target name cannot be equal to source name when both are VirtualMachines';
    causes.push(invalid('spec.target.name', text));
  }
  return causes;
}

function filters(field: string, list: readonly string[] = []): Cause[] {
  return list.flatMap((filter) => {
    const causes: Cause[] = [];
    if (filter.slice(1).includes('!')) {
      const text = 'a negation character ("!") can only be used at the beginning of the filter';
      causes.push(invalid(field, `${text}: ${filter}`));
    }
    if (filter.slice(0, -1).includes('*')) {
      const text = 'a wildcard character ("*") can only be used at the end of the filter';
      causes.push(invalid(field, `${text}: ${filter}`));
    }
    if (filter === '') causes.push(invalid(field, 'a filter cannot be empty'));
    return causes;
  });
}

function addresses(macs: Readonly<Record<string, string>> = {}): Cause[] {
  return Object.entries(macs).flatMap(([name, mac]) =>
    isMac(mac)
      ? []
      : [invalid('spec.newMacAddresses', `interface ${name} has malformed MAC address (${mac}).`)],
  );
}

function patches(list: readonly string[] = []): Cause[] {
  return list.flatMap((text) => {
    try {
      JSON.parse(text);
      return [];
    } catch {
      return [invalid('spec.patches', `patch is not valid JSON (${text})`)];
    }
  });
}

function policies(policy: string | undefined): Cause[] {
  if (!policy || ['RandomizeNames', 'PrefixTargetName'].includes(policy)) return [];
  return [invalid('spec.volumeNamePolicy', `volume name policy "${policy}" doesn't exist`)];
}
