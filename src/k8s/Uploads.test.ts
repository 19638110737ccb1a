import { expect, test, vi } from 'vitest';

import { type KeptUpload, type NewUpload, Uploads, type UploadTransport } from '~/k8s/Uploads';

const image: NewUpload = {
  namespace: 'shop',
  name: 'disk',
  fileName: 'disk.qcow2',
  bytes: 100,
  volumeBytes: 1000,
  storageClass: '',
  part: { from: 2, fileBytes: 5 },
  format: 'qcow2',
  wantedSha256: undefined,
};
const blob = new Blob(['x']);

function transport(change: Partial<UploadTransport> = {}): UploadTransport {
  const done = () => Promise.resolve();
  const digest = () => Promise.resolve('d1');
  const prepare = () => Promise.resolve(true);
  return { prepare, send: done, finish: done, remove: done, digest, ...change };
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

/** Sends nothing until it is told to, and ends when it is aborted. */
const stuck: UploadTransport['send'] = (_upload, _content, signal) =>
  new Promise((_done, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });

test('one that is paused gives way, and begins anew later', async () => {
  let isStuck = true;
  const uploads = new Uploads(
    transport({ send: (...all) => (isStuck ? stuck(...all) : Promise.resolve()) }),
    () => 0,
  );
  const id = uploads.add(image, blob);
  uploads.add({ ...image, name: 'other' }, blob);
  await vi.waitFor(() => expect(states(uploads)).toEqual(['sending', 'waiting']));
  isStuck = false;
  uploads.pause(id);
  await vi.waitFor(() => expect(states(uploads)).toEqual(['paused', 'succeeded']));
  uploads.retry(id);
  await vi.waitFor(() => expect(states(uploads)).toEqual(['succeeded', 'succeeded']));
  uploads.forget(id);
  expect(states(uploads)).toEqual(['succeeded']);
});

test('a checksum is shown, and one that is not the wanted one ends the upload', async () => {
  const uploads = new Uploads(transport({ send: stuck }), () => 0);
  uploads.add({ ...image, wantedSha256: 'd1' }, blob);
  uploads.add({ ...image, wantedSha256: 'd2' }, blob);
  await vi.waitFor(() => expect(states(uploads)).toEqual(['sending', 'failed']));
  expect(uploads.getSnapshot().map(({ sha256 }) => sha256)).toEqual(['d1', 'd1']);
  expect(uploads.getSnapshot()[1]?.failure?.detail).toContain('should be d2');
});

test('after a reload it knows what was cut off, and goes on with the file', async () => {
  let kept: readonly KeptUpload[] = [];
  const store = { read: () => kept, write: (next: typeof kept) => void (kept = next) };
  const before = new Uploads(transport({ send: stuck }), () => 0, store);
  before.add({ ...image, bytes: 3 }, blob);
  await vi.waitFor(() => expect(states(before)).toEqual(['sending']));
  const sent: string[] = [];
  const send: UploadTransport['send'] = async (_upload, content) => {
    sent.push(await content.text());
  };
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const after = new Uploads(transport({ send, finish: () => finished }), () => 0, store);
  expect(states(after)).toEqual(['interrupted']);
  const [{ id } = { id: 0 }] = after.getSnapshot();
  expect(after.resume(id, new Blob(['other']).slice(1))).toBe(false);
  expect(after.resume(id, new Blob(['12345']))).toBe(true);
  await vi.waitFor(() => expect(states(after)).toEqual(['importing']));
  expect(sent).toEqual(['345']);
  // What was sent whole needs no file any more.
  const later = new Uploads(transport(), () => 0, store);
  await vi.waitFor(() => expect(states(later)).toEqual(['succeeded']));
  finish();
  await vi.waitFor(() => expect(kept).toEqual([]));
});
