import { describe, expect, it } from 'vitest';
import {
  apiVersion,
  namespaces,
  pods,
  resourcePath,
  resourceReference,
  virtualMachineInstanceActions,
  virtualMachines,
} from '~/k8s/models';

describe('resourcePath', () => {
  it('addresses a collection over all namespaces', () => {
    expect(resourcePath(virtualMachines)).toBe('/apis/kubevirt.io/v1/virtualmachines');
  });

  it('addresses one object of the core group', () => {
    expect(resourcePath(pods, { namespace: 'a', name: 'b' })).toBe('/api/v1/namespaces/a/pods/b');
  });

  it('leaves out the namespace of cluster-scoped resources', () => {
    expect(resourcePath(namespaces, { namespace: 'a', name: 'b' })).toBe('/api/v1/namespaces/b');
  });

  it('keeps the slash of a two-part subresource and escapes the rest', () => {
    const address = { namespace: 'a', name: 'b?c', subresource: 'vnc/screenshot' };
    expect(resourcePath(virtualMachineInstanceActions, address)).toBe(
      '/apis/subresources.kubevirt.io/v1/namespaces/a/virtualmachineinstances/b%3Fc/vnc/screenshot',
    );
  });
});

it('names resources as the console does', () => {
  expect(resourceReference(virtualMachines)).toBe('kubevirt.io~v1~VirtualMachine');
  expect(resourceReference(pods)).toBe('pods');
  expect(apiVersion(virtualMachines)).toBe('kubevirt.io/v1');
  expect(apiVersion(pods)).toBe('v1');
});
