import type { VirtualMachineInstance } from '../resources.ts';
import {
  type AgentDetails,
  basicAgentCommands,
  keyCommands,
  passwordCommand,
} from '../virt-launcher/AgentCommands.ts';

/** By which keys were set before qemu-guest-agent 5.2. */
const oldKeyCommands = [
  ...['guest-exec-status', 'guest-exec', 'guest-file-open', 'guest-file-close'],
  ...['guest-file-read', 'guest-file-write'],
];

/**
 * Why an agent cannot do what its VMI needs, in KubeVirt's words; undefined when it can. KubeVirt:
 * pkg/virt-handler/guest-agent.go (d923fdb).
 */
export function agentProblem(
  { spec }: Pick<VirtualMachineInstance, 'spec'>,
  commands: AgentDetails['commands'],
): string | undefined {
  const enabled = new Set(commands.flatMap((one) => (one.enabled ? [one.name] : [])));
  const has = (names: readonly string[]) => names.every((name) => enabled.has(name));
  if (!has(basicAgentCommands)) return "This guest agent doesn't support required basic commands";
  const credentials = spec.accessCredentials ?? [];
  const byAgent = (kind: 'sshPublicKey' | 'userPassword') =>
    credentials.some((one) => one[kind]?.propagationMethod.qemuGuestAgent);
  if (byAgent('sshPublicKey') && !has(keyCommands) && !has(oldKeyCommands))
    return "This guest agent doesn't support required public key commands";
  if (byAgent('userPassword') && !has([passwordCommand]))
    return "This guest agent doesn't support required password commands";
  return undefined;
}
