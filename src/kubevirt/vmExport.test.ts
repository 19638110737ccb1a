import { expect, test } from 'vitest';

import { curlCommand, downloadUrl, toExportState } from './vmExport';

const url = 'https://export.example.com/api/volumes/root/disk.img.gz';

test('an export says why it is not ready, then where its files are', () => {
  const waiting = [
    { type: 'PVCReady', status: 'False', reason: 'InUse', message: 'pvc root is in use' },
  ];
  expect(toExportState({ status: { phase: 'Pending', conditions: waiting } })).toMatchObject({
    phase: 'Pending',
    waiting: 'pvc root is in use',
    files: [],
  });
  // Of a VM the condition Ready tells it, of a claim that is not there PVCReady.
  const inUse = { type: 'Ready', status: 'False', reason: 'InUse', message: 'web is running' };
  expect(toExportState({ status: { conditions: [inUse] } }).waiting).toBe('web is running');
  const initializing = { type: 'Ready', status: 'False', reason: 'Initializing', message: '' };
  const missing = { type: 'PVCReady', status: 'False', reason: 'PVCNotFound' };
  const told = { status: { conditions: [initializing, missing] } };
  expect(toExportState(told).waiting).toBe('PVCNotFound');
  expect(toExportState({ status: { conditions: [initializing] } }).waiting).toBe('');
  const volumes = [{ name: 'root', formats: [{ format: 'gzip', url }] }];
  const status = { phase: 'Ready', tokenSecretRef: 'token', links: { external: { volumes } } };
  expect(toExportState({ status })).toMatchObject({
    secret: 'token',
    files: [{ volume: 'root', format: 'gzip', url }],
  });
  // A cluster whose proxy is reached from inside alone.
  expect(toExportState({ status: { phase: 'Ready', links: null } }).files).toEqual([]);
});

test('a file is downloaded with its token', () => {
  const file = { volume: 'root', format: 'gzip', url };
  expect(downloadUrl(file, 'a&b')).toBe(`${url}?x-kubevirt-export-token=a%26b`);
  expect(curlCommand(file, 'abc')).toBe(
    `curl --location --insecure --header 'x-kubevirt-export-token: abc' --output root.img.gz ${url}`,
  );
});
