import { describe, expect, it } from 'vitest';
import { isWindows } from './isWindows';

const template = { spec: { domain: { devices: {} } } };
const vmi = (id: string) => ({
  spec: { domain: { devices: {} } },
  status: { guestOSInfo: { id } },
});

describe('isWindows', () => {
  it('believes the agent of the guest', () => {
    expect(isWindows(undefined, vmi('mswindows'))).toBe(true);
    const vm = { spec: { template, preference: { name: 'windows.11' } } };
    expect(isWindows(vm, vmi('fedora'))).toBe(false);
  });

  it('asks what the VM was made from while the agent is silent', () => {
    expect(isWindows({ spec: { template, preference: { name: 'windows.2k22' } } }, vmi(''))).toBe(
      true,
    );
    const labels = { 'os.template.kubevirt.io/win10': 'true' };
    expect(isWindows({ metadata: { labels }, spec: { template } }, undefined)).toBe(true);
    const annotations = { 'vm.kubevirt.io/os': 'windows10' };
    const said = { spec: { template: { ...template, metadata: { annotations } } } };
    expect(isWindows(said, undefined)).toBe(true);
    expect(isWindows({ spec: { template, preference: { name: 'fedora' } } }, undefined)).toBe(
      false,
    );
    expect(isWindows(undefined, undefined)).toBe(false);
  });
});
