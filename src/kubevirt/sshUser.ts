import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { readCloudConfig } from '~/kubevirt/create/cloudConfig';
import { readCloudInit, readSshKeys } from '~/kubevirt/vmAccess';

/**
 * Whom to log in as: a user who gets the VM's SSH keys from the guest agent, else the one whom cloud-init
 * makes. Undefined where neither is written; whoever logs in knows their name.
 */
export function sshUser(vm: V1VirtualMachine): string | undefined {
  const [keyed] = readSshKeys(vm).users;
  return keyed ?? (readCloudConfig(readCloudInit(vm).userData).user || undefined);
}
