import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { expect, test } from 'vitest';

import { sshUser } from './sshUser';
import { writeCloudInit, writeSshKeys } from './vmAccess';

const bare: V1VirtualMachine = {
  metadata: { name: 'mill', namespace: 'work' },
  spec: { template: { spec: { domain: { devices: {} } } } },
};

function withUserData(userData: string): V1VirtualMachine {
  return writeCloudInit(bare, { userData, networkData: '' });
}

test('the user of cloud-init logs in', () => {
  expect(sshUser(withUserData('#cloud-config\nuser: fedora\npassword: x\n'))).toBe('fedora');
});

test('a user who gets the keys goes first', () => {
  const vm = withUserData('#cloud-config\nuser: fedora\n');
  const keys = { secret: 'keys', way: 'qemuGuestAgent', users: ['ops'] } as const;
  expect(sshUser(writeSshKeys(vm, keys))).toBe('ops');
});

test('a script, or nothing at all, names nobody', () => {
  expect(sshUser(withUserData('#!/bin/sh\nuser: no\n'))).toBeUndefined();
  expect(sshUser(bare)).toBeUndefined();
});
