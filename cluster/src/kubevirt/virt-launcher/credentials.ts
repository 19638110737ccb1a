import type { VirtualMachineInstance } from '../resources.ts';
import type { ConfigSources } from './ConfigSources.ts';

/** The public keys that cloud-init is to give the default user by this way; each value of a Secret is one. */
export async function sshKeysFor(
  vmi: VirtualMachineInstance,
  way: 'noCloud' | 'configDrive',
  sources: ConfigSources,
): Promise<string[]> {
  const keys: string[] = [];
  for (const { sshPublicKey } of vmi.spec.accessCredentials ?? []) {
    const name = sshPublicKey?.source.secret?.secretName;
    if (!name || !sshPublicKey.propagationMethod[way]) continue;
    keys.push(...(await linesOf(sources, vmi.metadata.namespace, name)));
  }
  return keys;
}

/** What the guest agent is to set: keys by user, and passwords by user. */
export interface AgentCredentials {
  keys: Record<string, string[]>;
  passwords: Record<string, string>;
}

/** The credentials that go by the guest agent; undefined when the VMI has none of them. */
export async function agentCredentials(
  vmi: VirtualMachineInstance,
  sources: ConfigSources,
): Promise<AgentCredentials | undefined> {
  const { namespace } = vmi.metadata;
  const found: AgentCredentials = { keys: {}, passwords: {} };
  let any = false;
  for (const { sshPublicKey, userPassword } of vmi.spec.accessCredentials ?? []) {
    const users = sshPublicKey?.propagationMethod.qemuGuestAgent?.users;
    const keySecret = sshPublicKey?.source.secret?.secretName;
    if (users && keySecret) {
      any = true;
      const keys = await linesOf(sources, namespace, keySecret);
      for (const user of users) found.keys[user] = [...(found.keys[user] ?? []), ...keys];
    }
    const passwordSecret = userPassword?.source.secret?.secretName;
    if (userPassword?.propagationMethod.qemuGuestAgent && passwordSecret) {
      any = true;
      for (const [user, password] of Object.entries(
        await sources.secret(namespace, passwordSecret),
      )) {
        found.passwords[user] = password.toString().trim();
      }
    }
  }
  return any ? found : undefined;
}

async function linesOf(
  sources: ConfigSources,
  namespace: string | undefined,
  secret: string,
): Promise<string[]> {
  const data = await sources.secret(namespace, secret);
  return Object.values(data)
    .flatMap((value) => value.toString().split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
