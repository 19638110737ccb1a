import { expect, it } from 'vitest';
import { toVmStatus, vmStatusList } from '~/kubevirt/vmStatus';

it('knows the printable statuses, and that of a failed instance without a VM', () => {
  expect(toVmStatus('CrashLoopBackOff')).toBe('CrashLoopBackOff');
  expect(toVmStatus('Failed')).toBe('Failed');
  expect(vmStatusList).toHaveLength(18);
});

it('takes a VM that no controller has seen for stopped', () => {
  expect(toVmStatus(undefined)).toBe('Stopped');
  expect(toVmStatus('')).toBe('Stopped');
});

it('calls a status that it does not know unknown', () => {
  expect(toVmStatus('Levitating')).toBe('Unknown');
  expect(toVmStatus('toString')).toBe('Unknown');
});
