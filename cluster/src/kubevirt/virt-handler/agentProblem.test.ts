import { expect, test } from 'vitest';

import type { VirtualMachineInstance } from '../resources.ts';
import { basicAgentCommands } from '../virt-launcher/AgentCommands.ts';
import { agentProblem } from './agentProblem.ts';

const commandsOf = (...names: string[]) => names.map((name) => ({ name, enabled: true }));
const basic = commandsOf(...basicAgentCommands);
const withKey = {
  accessCredentials: [
    {
      sshPublicKey: {
        source: { secret: { secretName: 'keys' } },
        propagationMethod: { qemuGuestAgent: { users: ['root'] } },
      },
    },
  ],
};
const withPassword = {
  accessCredentials: [
    {
      userPassword: {
        source: { secret: { secretName: 'passwords' } },
        propagationMethod: { qemuGuestAgent: {} },
      },
    },
  ],
};
const byCloudInit = {
  accessCredentials: [
    {
      sshPublicKey: {
        source: { secret: { secretName: 'keys' } },
        propagationMethod: { noCloud: {} },
      },
    },
  ],
};
const newKeys = ['get', 'add', 'remove'].map((verb) => `guest-ssh-${verb}-authorized-keys`);
const oldKeys = ['exec-status', 'exec', 'file-open', 'file-close', 'file-read', 'file-write'];

/** pkg/virt-handler/guest-agent.go (d923fdb), one row a rule. */
test.each<[string, object, ReturnType<typeof commandsOf>, string | undefined]>([
  ['all that is asked', {}, basic, undefined],
  [
    'one that lacks',
    {},
    basic.slice(1),
    "This guest agent doesn't support required basic commands",
  ],
  [
    'one that is turned off',
    {},
    basic.map((one, index) => (index === 3 ? { ...one, enabled: false } : one)),
    "This guest agent doesn't support required basic commands",
  ],
  ['keys', withKey, basic, "This guest agent doesn't support required public key commands"],
  ['keys as they are set now', withKey, [...basic, ...commandsOf(...newKeys)], undefined],
  [
    'keys as they were set',
    withKey,
    [...basic, ...commandsOf(...oldKeys.map((name) => `guest-${name}`))],
    undefined,
  ],
  ['keys that cloud-init sets', byCloudInit, basic, undefined],
  ['passwords', withPassword, basic, "This guest agent doesn't support required password commands"],
  [
    'passwords that can be set',
    withPassword,
    [...basic, ...commandsOf('guest-set-user-password')],
    undefined,
  ],
])('an agent with %s', (_name, spec, commands, problem) => {
  const vmi = { spec: { domain: { devices: {} }, ...spec } as VirtualMachineInstance['spec'] };
  expect(agentProblem(vmi, commands)).toBe(problem);
});
