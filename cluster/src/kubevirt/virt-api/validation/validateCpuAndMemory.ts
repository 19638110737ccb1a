import type { V1DomainSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { parseQuantity } from '../../../quantity.ts';
import { type Cause, invalid, notSupported } from './Cause.ts';

/** Rules 5, 6, 17 to 23, 28 and 56 to 57 of the catalogue (ADM/vmi-create-admitter.go, d923fdb). */
export function validateCpuAndMemory(path: string, domain: V1DomainSpec): Cause[] {
  return [
    ...validateCpu(path, domain),
    ...validateResources(path, domain),
    ...validateGuestMemory(path, domain),
    ...validateFirmware(path, domain),
  ];
}

function validateCpu(path: string, { cpu }: V1DomainSpec): Cause[] {
  if (!cpu) return [];
  const causes: Cause[] = [];
  if (cpu.maxSockets !== undefined && (cpu.sockets ?? 1) > cpu.maxSockets) {
    causes.push(
      invalid(
        `${path}.cpu.sockets`,
        'Number of sockets in CPU topology is greater than the maximum sockets allowed',
      ),
    );
  }
  cpu.features?.forEach(({ name, policy }, index) => {
    if (['', 'force', 'require', 'optional', 'disable', 'forbid'].includes(policy ?? '')) return;
    causes.push(
      notSupported(
        `${path}.cpu.features[${index}].policy`,
        `CPU feature ${name} uses policy ${policy ?? ''} that is not supported.`,
      ),
    );
  });
  return causes;
}

function resource(resources: object | undefined, name: string): string | undefined {
  const value: unknown = resources && Object.entries(resources).find(([key]) => key === name)?.[1];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function validateResources(path: string, { resources }: V1DomainSpec): Cause[] {
  const causes: Cause[] = [];
  const requestsMemory = resource(resources?.requests, 'memory');
  for (const [list, values] of Object.entries({
    requests: resources?.requests,
    limits: resources?.limits,
  })) {
    for (const name of ['memory', 'cpu']) {
      const text = resource(values, name);
      if (text === undefined) continue;
      const field = `${path}.resources.${list}.${name}`;
      if ((parseQuantity(text) ?? 0) < 0) {
        causes.push(invalid(field, `${field} '${text}': must be greater than or equal to 0.`));
      }
    }
  }
  const requested = requestsMemory === undefined ? undefined : parseQuantity(requestsMemory);
  if (
    requestsMemory !== undefined &&
    requested !== undefined &&
    requested >= 0 &&
    requested < 1e6
  ) {
    const field = `${path}.resources.requests.memory`;
    causes.push(
      invalid(field, `${field} '${requestsMemory}': must be greater than or equal to 1M.`),
    );
  }
  for (const name of ['memory', 'cpu']) {
    const request = resource(resources?.requests, name);
    const limit = resource(resources?.limits, name);
    if (request === undefined || limit === undefined) continue;
    if ((parseQuantity(request) ?? 0) <= (parseQuantity(limit) ?? 0)) continue;
    const field = `${path}.resources.requests.${name}`;
    causes.push(
      invalid(
        field,
        `${field} '${request}' is greater than ${path}.resources.limits.${name} '${limit}'`,
      ),
    );
  }
  return causes;
}

function validateGuestMemory(path: string, { memory, resources }: V1DomainSpec): Cause[] {
  const guest = memory?.guest;
  if (guest === undefined) return [];
  const field = `${path}.memory.guest`;
  const bytes = parseQuantity(guest);
  if (bytes === undefined || bytes <= 0) {
    return [invalid(field, `${field} '${guest}': must be greater than 0.`)];
  }
  const limit = resource(resources?.limits, 'memory');
  if (limit !== undefined && bytes > (parseQuantity(limit) ?? Infinity)) {
    return [
      invalid(
        field,
        `${field} '${guest}' must be equal to or less than the memory limit ${path}.resources.limits.memory '${limit}'`,
      ),
    ];
  }
  const maxGuest = memory?.maxGuest === undefined ? undefined : parseQuantity(memory.maxGuest);
  if (maxGuest !== undefined && maxGuest < bytes) {
    return [invalid(field, `Guest memory is greater than the configured maxGuest memory`)];
  }
  if (maxGuest !== undefined && bytes % (2 * 2 ** 20) !== 0) {
    return [invalid(field, 'Guest memory must be 2Mi aligned')];
  }
  return [];
}

function validateFirmware(path: string, { firmware, features, machine }: V1DomainSpec): Cause[] {
  const causes: Cause[] = [];
  // Machines of another architecture are for nodes that are not here, and never scheduled.
  if (machine?.type && !/^((pc-)?q35|virt|s390-ccw-virtio)/.test(machine.type)) {
    causes.push(
      notSupported(
        `${path}.machine.type`,
        `${path}.machine.type is not supported: ${machine.type} (allowed values: [q35* pc-q35*])`,
      ),
    );
  }
  const bootloader = firmware?.bootloader;
  if (bootloader?.efi && bootloader.bios) {
    causes.push(
      invalid(
        `${path}.firmware.bootloader`,
        `${path}.firmware.bootloader has both EFI and BIOS configured, but they are mutually exclusive.`,
      ),
    );
  }
  const wantsSecureBoot = bootloader?.efi && bootloader.efi.secureBoot !== false;
  if (
    wantsSecureBoot &&
    features?.smm?.enabled !== true &&
    !(features?.smm && features.smm.enabled === undefined)
  ) {
    causes.push(
      invalid(
        path,
        `${path} has EFI SecureBoot enabled. SecureBoot requires SMM, which is currently disabled.`,
      ),
    );
  }
  return causes;
}
