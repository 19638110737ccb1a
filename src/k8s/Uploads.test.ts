import { expect, test, vi } from 'vitest';

import { type NewUpload, Uploads, type UploadTransport } from '~/k8s/Uploads';

const image: NewUpload = {
  namespace: 'shop',
  name: 'disk',
  fileName: 'disk.qcow2',
  bytes: 100,
  volumeBytes: 1000,
  storageClass: '',
};
const blob = new Blob(['x']);

function transport(change: Partial<UploadTransport> = {}): UploadTransport {
  const done = () => Promise.resolve();
  return { prepare: done, send: done, finish: done, remove: done, ...change };
}

const states = (uploads: Uploads) => uploads.getSnapshot().map(({ state }) => state);

test('files go one after the other, and the next begins while the server works', async () => {
  let finish: () => void = () => undefined;
  const uploads = new Uploads(
    transport({
      finish: ({ id }) => (id === 1 ? new Promise((done) => (finish = done)) : Promise.resolve()),
    }),
    () => 0,
  );
  uploads.add(image, blob);
  uploads.add(image, blob);
  expect(states(uploads)).toEqual(['preparing', 'waiting']);
  expect(uploads.isActive).toBe(true);
  await vi.waitFor(() => expect(states(uploads)).toEqual(['importing', 'succeeded']));
  expect(uploads.isActive).toBe(false);
  finish();
  await vi.waitFor(() => expect(states(uploads)).toEqual(['succeeded', 'succeeded']));
});

test('speed is what was sent lately', async () => {
  let now = 0;
  let progress: (bytes: number) => void = () => undefined;
  const uploads = new Uploads(
    transport({
      send: (_upload, _content, _signal, onProgress) => {
        progress = onProgress;
        return new Promise(() => undefined);
      },
    }),
    () => now,
  );
  uploads.add(image, blob);
  await vi.waitFor(() => expect(states(uploads)).toEqual(['sending']));
  for (const [at, bytes] of [
    [0, 0],
    [2000, 20],
    [7000, 70],
    [9000, 90],
  ] as const) {
    now = at;
    progress(bytes);
  }
  expect(uploads.getSnapshot()[0]).toMatchObject({ sentBytes: 90, bytesPerSecond: 10 });
});

test('a failed one says why and can be tried again', async () => {
  let attempts = 0;
  const send = () => {
    attempts += 1;
    return attempts === 1 ? Promise.reject(new Error('cut off')) : Promise.resolve();
  };
  const uploads = new Uploads(transport({ send }), () => 0);
  const id = uploads.add(image, blob);
  await vi.waitFor(() => expect(states(uploads)).toEqual(['failed']));
  expect(uploads.getSnapshot()[0]?.failure?.detail).toBe('cut off');
  uploads.retry(id);
  await vi.waitFor(() => expect(states(uploads)).toEqual(['succeeded']));
});

test('cancelling ends it and takes its volume away; others go on', async () => {
  const removed: string[] = [];
  const uploads = new Uploads(
    transport({
      send: ({ id }, _content, signal) =>
        id === 2
          ? Promise.resolve()
          : new Promise((_done, reject) => {
              signal.addEventListener('abort', () => reject(new Error('aborted')));
            }),
      remove: ({ name }) => Promise.resolve(void removed.push(name)),
    }),
    () => 0,
  );
  const id = uploads.add(image, blob);
  uploads.add({ ...image, name: 'other' }, blob);
  await vi.waitFor(() => expect(states(uploads)).toEqual(['sending', 'waiting']));
  await uploads.cancel(id);
  await vi.waitFor(() => expect(states(uploads)).toEqual(['cancelled', 'succeeded']));
  expect(removed).toEqual(['disk']);
});
