import type { Service, ServicePort } from '../../client/resources.ts';
import type { StatusCause } from '../ApiError.ts';
import { required } from '../causes.ts';
import { hasClusterIp, isExposed, isHeadless } from './serviceRules.ts';

/** A slice of strings as Go prints it with %#v, which is how Kubernetes shows a refused one. */
export const goStrings = (values: readonly string[]): string =>
  values.length === 0 ? '[]string(nil)' : `[]string{${values.map((one) => `"${one}"`).join(', ')}}`;

export const refusedValue = (field: string, shown: string, why: string): StatusCause => ({
  reason: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${shown}: ${why}`,
});
const unsupported = (field: string, value: string, supported: readonly string[]): StatusCause => ({
  reason: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: "${value}": supported values: ${supported.map((one) => `"${one}"`).join(', ')}`,
});
const duplicate = (field: string, shown: string): StatusCause => ({
  reason: 'FieldValueDuplicate',
  field,
  message: `Duplicate value: ${shown}`,
});

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const affinities = ['ClientIP', 'None'];
const protocols = ['SCTP', 'TCP', 'UDP'];
const portName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const portNameText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

/** Why a service is refused. Kubernetes: ValidateService in pkg/apis/core/validation, v1.33. */
export function serviceProblems(service: Service, old: Service | undefined): StatusCause[] {
  const { spec } = service;
  const { type = 'ClusterIP', ports = [], clusterIPs = [], sessionAffinity = 'None' } = spec;
  const problems: StatusCause[] = [];
  if (!types.includes(type)) problems.push(unsupported('spec.type', type, types));
  if (type === 'ExternalName') {
    if (!spec.externalName) problems.push(required('spec.externalName'));
    if (clusterIPs.length > 0) {
      const why = 'may not be set for ExternalName services';
      problems.push({
        reason: 'FieldValueForbidden',
        field: 'spec.clusterIPs',
        message: `Forbidden: ${why}`,
      });
    }
  } else if (ports.length === 0 && !isHeadless(service)) problems.push(required('spec.ports'));
  if (isHeadless(service) && isExposed(service)) {
    const why = `may not be set to 'None' for ${type} services`;
    problems.push(refusedValue('spec.clusterIPs[0]', goStrings(clusterIPs), why));
  }
  if (!affinities.includes(sessionAffinity)) {
    problems.push(unsupported('spec.sessionAffinity', sessionAffinity, affinities));
  }
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (seconds !== undefined && (seconds <= 0 || seconds > 86_400)) {
    const field = 'spec.sessionAffinityConfig.clientIP.timeoutSeconds';
    problems.push(
      refusedValue(field, String(seconds), 'must be greater than 0 and less than 86400'),
    );
  }
  ports.forEach((port, index) => problems.push(...portProblems(service, port, index)));
  problems.push(...repeatedPorts(ports));
  return old ? [...problems, ...changedAddress(service, old)] : problems;
}

function portProblems(service: Service, port: ServicePort, index: number): StatusCause[] {
  const field = `spec.ports[${index}]`;
  const problems: StatusCause[] = [];
  const { name = '', protocol = 'TCP', targetPort } = port;
  if (name === '') {
    if ((service.spec.ports ?? []).length > 1) problems.push(required(`${field}.name`));
  } else if (name.length > 63 || !portName.test(name)) {
    problems.push(refusedValue(`${field}.name`, `"${name}"`, portNameText));
  }
  const between = 'must be between 1 and 65535, inclusive';
  if (!isPort(port.port)) {
    problems.push(refusedValue(`${field}.port`, String(port.port), between));
  }
  if (!protocols.includes(protocol)) {
    problems.push(unsupported(`${field}.protocol`, protocol, protocols));
  }
  if (typeof targetPort === 'number' && !isPort(targetPort)) {
    problems.push(refusedValue(`${field}.targetPort`, String(targetPort), between));
  }
  if (typeof targetPort === 'string' && (targetPort.length > 15 || !portName.test(targetPort))) {
    const why = targetPort.length > 15 ? 'must be no more than 15 characters' : portNameText;
    problems.push(refusedValue(`${field}.targetPort`, `"${targetPort}"`, why));
  }
  if (port.nodePort && !isExposed(service)) {
    problems.push({
      reason: 'FieldValueForbidden',
      field: `${field}.nodePort`,
      message: `Forbidden: may not be used when \`type\` is '${service.spec.type ?? 'ClusterIP'}'`,
    });
  }
  return problems;
}

const isPort = (port: number) => Number.isInteger(port) && port >= 1 && port <= 65_535;

function repeatedPorts(ports: readonly ServicePort[]): StatusCause[] {
  const names = new Set<string>();
  const numbers = new Set<string>();
  const nodePorts = new Set<string>();
  return ports.flatMap(({ name, port, protocol = 'TCP', nodePort }, index) => {
    const field = `spec.ports[${index}]`;
    const problems: StatusCause[] = [];
    if (name && names.has(name)) problems.push(duplicate(`${field}.name`, `"${name}"`));
    if (numbers.has(`${port}/${protocol}`)) problems.push(duplicate(field, `${port}/${protocol}`));
    if (nodePort && nodePorts.has(`${nodePort}/${protocol}`)) {
      problems.push(duplicate(`${field}.nodePort`, String(nodePort)));
    }
    if (name) names.add(name);
    numbers.add(`${port}/${protocol}`);
    if (nodePort) nodePorts.add(`${nodePort}/${protocol}`);
    return problems;
  });
}

function changedAddress(service: Service, old: Service): StatusCause[] {
  if (!hasClusterIp(service) || !hasClusterIp(old)) return [];
  const before = old.spec.clusterIPs ?? [];
  const after = service.spec.clusterIPs ?? [];
  if (before.length === 0 || before[0] === after[0]) return [];
  const why = after.length === 0 ? 'primary clusterIP can not be unset' : 'may not change once set';
  return [refusedValue('spec.clusterIPs[0]', goStrings(after), why)];
}
