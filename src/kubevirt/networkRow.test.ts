import { expect, test } from 'vitest';

import { networkRow } from '~/kubevirt/networkRow';

test('networks of OVN-Kubernetes are told from others by label and role', () => {
  const labels = { 'k8s.ovn.org/user-defined-network': '' };
  const row = (metadata: object, config: string) => networkRow({ metadata, spec: { config } });
  const plain = { name: 'lab', isUserDefined: false, isPrimary: false };
  expect(row({ name: 'lab' }, '{"type":"bridge"}')).toEqual(plain);
  expect(row({ name: 'lab' }, 'no json')).toEqual(plain);
  expect(networkRow({ metadata: { name: 'lab' } })).toEqual(plain);
  expect(row({ name: 'blue', labels }, '{"role":"secondary"}')).toEqual({
    ...{ name: 'blue', isUserDefined: true, isPrimary: false },
  });
  expect(row({ name: 'red', labels }, '{"role":"primary","topology":"layer2"}')).toEqual({
    ...{ name: 'red', isUserDefined: true, isPrimary: true },
  });
});
