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
