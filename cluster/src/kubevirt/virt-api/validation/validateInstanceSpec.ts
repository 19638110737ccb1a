import type { V1Input, V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { ClusterConfiguration } from '../../clusterConfiguration.ts';
import { ownServiceAccount } from '../../serviceAccountName.ts';
import { type Cause, invalid } from './Cause.ts';
import { dnsLabelProblem, dnsSubdomainProblem } from './dnsLabel.ts';
import { validateAccessCredentials } from './validateAccessCredentials.ts';
import { validateCpuAndMemory } from './validateCpuAndMemory.ts';
import { validateDevices } from './validateDevices.ts';
import { validateDisks } from './validateDisks.ts';
import { validateBridges } from './validateBridges.ts';
import { validateKernelBoot } from './validateKernelBoot.ts';
import { validateNetworks } from './validateNetworks.ts';
import { validatePlacement } from './validatePlacement.ts';
import { validateProbes } from './validateProbes.ts';
import { validateVolumes } from './validateVolumes.ts';

const evictionStrategies = ['None', 'LiveMigrate', 'LiveMigrateIfPossible', 'External'];

/**
 * All mistakes in the spec of a guest, below `path` (`spec.template.spec` of a VM, `spec` of a VMI).
 * Source: ADM/vmi-create-admitter.go, d923fdb.
 */
export function validateInstanceSpec(
  path: string,
  spec: V1VirtualMachineInstanceSpec,
  configuration: ClusterConfiguration,
): Cause[] {
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
  const account = ownServiceAccount(spec);
  const accountProblem = account === undefined ? undefined : dnsSubdomainProblem(account);
  if (account && accountProblem) {
    const field = `${path}.serviceAccountName`;
    causes.push(invalid(field, `${field} is not a valid service account name: ${accountProblem}`));
  }
  if (spec.startStrategy && spec.startStrategy !== 'Paused') {
    causes.push(unrecognized(`${path}.startStrategy`, spec.startStrategy));
  } else if (spec.startStrategy && spec.livenessProbe) {
    causes.push(
      invalid(
        `${path}.startStrategy`,
        `either ${path}.startStrategy or ${path}.livenessProbe should be provided.Pausing VMI with LivenessProbe is not supported`,
      ),
    );
  }
  if (spec.evictionStrategy && !evictionStrategies.includes(spec.evictionStrategy)) {
    causes.push(unrecognized(`${path}.evictionStrategy`, spec.evictionStrategy));
  }
  if (spec.architecture && !['amd64', 'arm64', 's390x'].includes(spec.architecture)) {
    causes.push(invalid(`${path}.architecture`, `unsupported architecture: ${spec.architecture}`));
  }
  if (spec.domain.devices.autoattachVSOCK === true) {
    causes.push(
      invalid(
        `${path}.domain.devices.autoattachVSOCK`,
        'VSOCK feature gate is not enabled in kubevirt-config',
      ),
    );
  }
  return [
    ...causes,
    ...validateVolumes(path, spec, configuration),
    ...validateDisks(path, spec),
    ...validateNetworks(path, spec),
    ...validateCpuAndMemory(`${path}.domain`, spec.domain),
    ...validateInputs(`${path}.domain.devices.inputs`, spec.domain.devices.inputs),
    ...validateAccessCredentials(path, spec),
    ...validateProbes(path, spec),
    ...validateDevices(path, spec, configuration),
    ...validateKernelBoot(`${path}.domain.firmware.kernelBoot`, spec.domain.firmware?.kernelBoot),
    ...validateBridges(path, spec, configuration),
    ...validatePlacement(`${path}.domain`, spec.domain),
    ...validateThreads(`${path}.domain.ioThreadsPolicy`, spec.domain.ioThreadsPolicy),
  ];
}

/** Rule 75 of the catalogue. */
function validateInputs(base: string, inputs: V1Input[] | undefined): Cause[] {
  return (inputs ?? []).flatMap(({ bus, type }, index) => [
    ...(bus && bus !== 'virtio' && bus !== 'usb'
      ? [invalid(`${base}[${index}].bus`, 'Input device can have only virtio or usb bus.')]
      : []),
    ...(!type || type === 'tablet'
      ? []
      : [invalid(`${base}[${index}].type`, 'Input device can have only tablet type.')]),
  ]);
}

/** Rule 78 of the catalogue. */
function validateThreads(field: string, policy: string | undefined): Cause[] {
  if (!policy || ['shared', 'auto', 'supplementalPool'].includes(policy)) return [];
  return [invalid(field, `Invalid IOThreadsPolicy (${policy})`)];
}

const unrecognized = (field: string, value: string) =>
  invalid(field, `${field} is set with an unrecognized option: ${value}`);
