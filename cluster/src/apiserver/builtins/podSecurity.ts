import type { Container, Pod } from '../../client/resources.ts';
import { forbidden } from '../ApiError.ts';
import type { AdmissionContext } from '../ResourceDefinition.ts';

const namespaces = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
} as const;

const enforceLabel = 'pod-security.kubernetes.io/enforce';

/** The part of securityContext that is looked at, of a pod or of a container. */
interface Security {
  privileged?: boolean;
  allowPrivilegeEscalation?: boolean;
  runAsNonRoot?: boolean;
  seccompProfile?: { type?: string };
  capabilities?: { add?: string[]; drop?: string[] };
}

const securityOf = ({ securityContext = {} }: { securityContext?: object }): Security =>
  // The pod has passed its schema.
  securityContext;

const containersOf = ({ spec }: Pod) => [...(spec.initContainers ?? []), ...spec.containers];

/** `container "a"`, `containers "a", "b"`. */
function named(what: string, names: readonly string[]): string {
  return `${what}${names.length > 1 ? 's' : ''} ${names.map((name) => `"${name}"`).join(', ')}`;
}

/** What is wrong with some containers, or nothing. */
function ofContainers(
  pod: Pod,
  title: string,
  isWrong: (security: Security) => boolean,
  text: (containers: string) => string,
): string[] {
  const wrong = containersOf(pod).filter((one: Container) => isWrong(securityOf(one)));
  if (wrong.length === 0) return [];
  const containers = named(
    'container',
    wrong.map(({ name }) => name),
  );
  return [`${title} (${text(containers)})`];
}

/** Capabilities that a container has anyway (pod-security-admission policy/check_capabilities_baseline.go). */
const defaultCapabilities = new Set([
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD'],
  ...['NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
]);

function baseline(pod: Pod): string[] {
  const { spec } = pod;
  const paths = (spec.volumes ?? []).flatMap(({ name, hostPath }) => (hostPath ? [name] : []));
  const added = ({ capabilities }: Security) =>
    (capabilities?.add ?? []).filter((name) => !defaultCapabilities.has(name));
  const extra = containersOf(pod).flatMap((one) => added(securityOf(one)));
  return [
    ...(spec.hostNetwork ? ['host namespaces (hostNetwork=true)'] : []),
    ...ofContainers(
      pod,
      'privileged',
      ({ privileged }) => privileged === true,
      (those) => `${those} must not set securityContext.privileged=true`,
    ),
    ...ofContainers(
      pod,
      'non-default capabilities',
      (security) => added(security).length > 0,
      (those) =>
        `${those} must not include ${extra.map((name) => `"${name}"`).join(', ')} in securityContext.capabilities.add`,
    ),
    ...(paths.length > 0 ? [`hostPath volumes (${named('volume', paths)})`] : []),
  ];
}

function restricted(pod: Pod): string[] {
  const whole = securityOf(pod.spec);
  const profiles = ['RuntimeDefault', 'Localhost'];
  return [
    ...ofContainers(
      pod,
      'allowPrivilegeEscalation != false',
      ({ allowPrivilegeEscalation }) => allowPrivilegeEscalation !== false,
      (those) => `${those} must set securityContext.allowPrivilegeEscalation=false`,
    ),
    ...ofContainers(
      pod,
      'unrestricted capabilities',
      ({ capabilities }) => !capabilities?.drop?.includes('ALL'),
      (those) => `${those} must set securityContext.capabilities.drop=["ALL"]`,
    ),
    ...ofContainers(
      pod,
      'runAsNonRoot != true',
      ({ runAsNonRoot = whole.runAsNonRoot }) => runAsNonRoot !== true,
      (those) => `pod or ${those} must set securityContext.runAsNonRoot=true`,
    ),
    ...ofContainers(
      pod,
      'seccompProfile',
      ({ seccompProfile = whole.seccompProfile }) => !profiles.includes(seccompProfile?.type ?? ''),
      (those) =>
        `pod or ${those} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
    ),
  ];
}

/**
 * 403 for a new pod that the pod security level of its namespace forbids, in the words of Kubernetes'
 * pod-security-admission (1.33). Of the checks those are made that pods here can fail: host namespaces, privileged
 * containers, capabilities, host paths; and of `restricted` escalation, dropped capabilities, root and seccomp.
 */
export async function requirePodSecurity(context: AdmissionContext<Pod>): Promise<void> {
  const { operation, client, namespace, object, name } = context;
  if (operation !== 'CREATE' || namespace === undefined) return;
  const { metadata } = await client.get(namespaces, { name: namespace });
  const level = metadata.labels?.[enforceLabel];
  if (level !== 'baseline' && level !== 'restricted') return;
  const problems = [...baseline(object), ...(level === 'restricted' ? restricted(object) : [])];
  if (problems.length === 0) return;
  const text = `violates PodSecurity "${level}:latest": ${problems.join(', ')}`;
  throw forbidden({ group: '', plural: 'pods' }, name, text);
}
