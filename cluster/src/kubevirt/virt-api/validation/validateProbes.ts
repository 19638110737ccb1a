import type { V1Probe, V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { type Cause, invalid, required } from './Cause.ts';

const handlers = ['httpGet', 'tcpSocket', 'exec', 'guestAgentPing'] as const;

/** Rules 76 and 77 of the catalogue (ADM/vmi-create-admitter.go, validateProbe, d923fdb). */
export function validateProbes(path: string, spec: V1VirtualMachineInstanceSpec): Cause[] {
  const hasPodNetwork = (spec.networks ?? []).some(({ pod }) => pod);
  const unnetworked = spec.networks !== undefined && !hasPodNetwork;
  return (['readinessProbe', 'livenessProbe'] as const).flatMap((kind) => {
    const probe = spec[kind];
    return probe ? validateProbe(`${path}.${kind}`, probe, unnetworked) : [];
  });
}

function validateProbe(field: string, probe: V1Probe, unnetworked: boolean): Cause[] {
  const given = handlers.filter((handler) => probe[handler]);
  const causes: Cause[] = [];
  if (given.length > 1) {
    causes.push(invalid(field, `${field} must have exactly one probe type set`));
  }
  if (given.length === 0) {
    causes.push(
      required(
        field,
        `either ${field}.tcpSocket, ${field}.exec or ${field}.httpGet must be set if a ${field} is specified`,
      ),
    );
  }
  if (!unnetworked) return causes;
  const overNetwork = given.filter((handler) => handler === 'httpGet' || handler === 'tcpSocket');
  return [
    ...causes,
    ...overNetwork.map((handler) => {
      const at = `${field}.${handler}`;
      return invalid(at, `${at} is only allowed if the Pod Network is attached`);
    }),
  ];
}
