import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { type Cause, invalid } from './Cause.ts';
import { dnsLabelProblem, dnsSubdomainProblem } from './dnsLabel.ts';
import { validateCpuAndMemory } from './validateCpuAndMemory.ts';
import { validateDisks } from './validateDisks.ts';
import { validateNetworks } from './validateNetworks.ts';
import { validateVolumes } from './validateVolumes.ts';

const evictionStrategies = ['None', 'LiveMigrate', 'LiveMigrateIfPossible', 'External'];

/**
 * All mistakes in the spec of a guest, below `path` (`spec.template.spec` of a VM, `spec` of a VMI).
 * Source: ADM/vmi-create-admitter.go, d923fdb.
 */
export function validateInstanceSpec(path: string, spec: V1VirtualMachineInstanceSpec): Cause[] {
  const causes: Cause[] = [];
  const hostname = spec.hostname === undefined ? undefined : dnsLabelProblem(spec.hostname);
  if (spec.hostname && hostname) {
    causes.push(
      invalid(
        `${path}.hostname`,
        `${path}.hostname does not conform to the kubernetes DNS_LABEL rules : ${hostname}`,
      ),
    );
  }
  const subdomain = spec.subdomain === undefined ? undefined : dnsSubdomainProblem(spec.subdomain);
  if (spec.subdomain && subdomain) {
    causes.push(
      invalid(
        `${path}.subdomain`,
        `${path}.subdomain does not conform to the kubernetes DNS_SUBDOMAIN rules : ${subdomain}`,
      ),
    );
  }
  if (spec.startStrategy && spec.startStrategy !== 'Paused') {
    causes.push(unrecognized(`${path}.startStrategy`, spec.startStrategy));
  }
  if (spec.evictionStrategy && !evictionStrategies.includes(spec.evictionStrategy)) {
    causes.push(unrecognized(`${path}.evictionStrategy`, spec.evictionStrategy));
  }
  if (spec.architecture && !['amd64', 'arm64', 's390x'].includes(spec.architecture)) {
    causes.push(invalid(`${path}.architecture`, `unsupported architecture: ${spec.architecture}`));
  }
  return [
    ...causes,
    ...validateVolumes(path, spec),
    ...validateDisks(path, spec),
    ...validateNetworks(path, spec),
    ...validateCpuAndMemory(`${path}.domain`, spec.domain),
  ];
}

const unrecognized = (field: string, value: string) =>
  invalid(field, `${field} is set with an unrecognized option: ${value}`);
