import { expect, test } from 'vitest';

import {
  cloudConfigMistake,
  makePassword,
  readCloudConfig,
  writeCloudConfig,
} from '~/kubevirt/create/cloudConfig';

test('the form writes a cloud-config, and an empty form none', () => {
  const text = writeCloudConfig('', { user: 'eve', password: 'p', sshKeys: ['ssh-ed25519 A a@b'] });
  expect(text).toBe(
    '#cloud-config\nuser: eve\npassword: p\nchpasswd:\n  expire: false\nssh_pwauth: true\n' +
      'ssh_authorized_keys:\n  - ssh-ed25519 A a@b\n',
  );
  expect(readCloudConfig(text)).toEqual({
    user: 'eve',
    password: 'p',
    sshKeys: ['ssh-ed25519 A a@b'],
    hostname: '',
  });
  expect(writeCloudConfig(text, { user: '', password: '', sshKeys: [] })).toBe('');
});

test('what the form does not know stays as it is written, comments too', () => {
  const text = '#cloud-config\n# ours\nuser: eve\nruncmd:\n  - [touch, /x] # once\n';
  expect(writeCloudConfig(text, { user: 'bob' })).toBe(text.replace('eve', 'bob'));
});

test('a password that looks like a number stays a text', () => {
  const text = writeCloudConfig('', { password: '0123' });
  expect(text).toContain('password: "0123"');
  expect(readCloudConfig(text).password).toBe('0123');
});

test('scripts are let alone, and broken YAML is told', () => {
  expect(cloudConfigMistake('#!/bin/sh\n: [')).toBeUndefined();
  expect(cloudConfigMistake('#cloud-config\na: [')).toMatch(/Flow sequence/);
});

test('passwords are made of what can be read aloud', () => {
  const made = makePassword((length) => new Uint8Array(length).map((_byte, index) => index * 21));
  expect(made).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
});
