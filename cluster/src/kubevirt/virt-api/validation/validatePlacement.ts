import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { parseQuantity } from '../../../quantity.ts';
import { type Cause, invalid } from './Cause.ts';

type Domain = V1VirtualMachineInstanceSpec['domain'];

/**
 * Rules 21, 22 and 24 to 27 of the catalogue: huge pages and dedicated processors
 * (ADM/vmi-create-admitter.go, d923fdb).
 */
export function validatePlacement(path: string, domain: Domain): Cause[] {
  return [
    ...validateHugepages(path, domain),
    ...validateDedicated(path, domain),
    ...validateNuma(path, domain),
  ];
}

const given = (domain: Domain, list: 'requests' | 'limits', name: string): number => {
  const values: unknown = domain.resources?.[list];
  const found: unknown =
    typeof values === 'object' && values !== null
      ? Object.entries(values).find(([key]) => key === name)?.[1]
      : undefined;
  return typeof found === 'string' || typeof found === 'number'
    ? (parseQuantity(String(found)) ?? 0)
    : 0;
};

function validateHugepages(path: string, domain: Domain): Cause[] {
  const pageSize = domain.memory?.hugepages?.pageSize;
  if (pageSize === undefined) return [];
  const size = parseQuantity(pageSize);
  // KubeVirt's path of the field is not that of the API.
  const field = `${path}.hugepages.size`;
  if (size === undefined || size <= 0) {
    const words =
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    return [invalid(field, `${field} '${pageSize}': ${words}`)];
  }
  const requested = given(domain, 'requests', 'memory');
  const memory = requested || (parseQuantity(domain.memory?.guest ?? '') ?? 0);
  const at = `${path}.resources.requests.memory`;
  const shown = requestText(domain);
  if (memory !== 0 && memory < size) {
    const words = `must be equal to or larger than page size ${field} '${pageSize}'`;
    return [invalid(at, `${at} '${shown}' ${words}`)];
  }
  if (memory % size === 0) return [];
  return [
    invalid(at, `${at} '${shown}' is not a multiple of the page size ${field} '${pageSize}'`),
  ];
}

function requestText({ resources }: Domain): string {
  const requests: object = resources?.requests ?? {};
  return String(Object.entries(requests).find(([name]) => name === 'memory')?.[1] ?? '0');
}

function validateDedicated(path: string, domain: Domain): Cause[] {
  const { cpu } = domain;
  if (!cpu?.dedicatedCpuPlacement) {
    if (!cpu?.isolateEmulatorThread) return [];
    return [
      invalid(
        `${path}.cpu.isolateEmulatorThread`,
        'IsolateEmulatorThread should be only set in combination with DedicatedCPUPlacement',
      ),
    ];
  }
  const causes: Cause[] = [];
  const at = (list: 'requests' | 'limits', name: string) => `${path}.resources.${list}.${name}`;
  for (const list of ['limits', 'requests'] as const) {
    const cpus = given(domain, list, 'cpu');
    if (cpus >= 1 && !Number.isInteger(cpus)) {
      causes.push(invalid(at(list, 'cpu'), `provided resources CPU ${list} must be an interger`));
    }
  }
  const [requests, limits] = [
    given(domain, 'requests', 'memory'),
    given(domain, 'limits', 'memory'),
  ];
  if (requests > 0 && limits > 0 && requests !== limits) {
    const field = at('requests', 'memory');
    causes.push(invalid(field, `${field} must be equal to ${at('limits', 'memory')}`));
  }
  const [asked, most] = [given(domain, 'requests', 'cpu'), given(domain, 'limits', 'cpu')];
  if (asked > 0 && most > 0 && asked !== most) {
    causes.push(
      invalid(
        `${path}.cpu.dedicatedCpuPlacement`,
        `${at('requests', 'cpu')} or ${at('limits', 'cpu')} must be equal when DedicatedCPUPlacement is true `,
      ),
    );
  }
  return causes;
}

function validateNuma(path: string, { cpu, memory }: Domain): Cause[] {
  if (!cpu?.numa?.guestMappingPassthrough) return [];
  const field = `${path}.cpu.numa.guestMappingPassthrough`;
  return [
    ...(cpu.dedicatedCpuPlacement
      ? []
      : [
          invalid(
            field,
            `${path}.cpu.dedicatedCpuPlacement must be set to true when NUMA topology strategy is set in ${field}`,
          ),
        ]),
    ...(memory?.hugepages
      ? []
      : [
          invalid(
            field,
            `${path}.memory.hugepages must be requested when NUMA topology strategy is set in ${field}`,
          ),
        ]),
  ];
}
