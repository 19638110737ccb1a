import { type FSWatcher, watch } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';

/**
 * A stream of `first` and then of all that is appended to a file beyond `from` bytes. A file that becomes
 * shorter is read from its start again; one whose folder goes ends the stream.
 */
export function followFile(
  file: string,
  { first, from, signal }: { first: Uint8Array; from: number; signal: AbortSignal },
): Readable {
  const stream = new PassThrough();
  let offset = from;
  let reading = Promise.resolve();
  const readOn = async () => {
    const size = await stat(file).then(
      (found) => found.size,
      () => undefined,
    );
    if (size === undefined) return;
    if (size < offset) offset = 0;
    if (size === offset) return;
    const handle = await open(file);
    try {
      const { bytesRead, buffer } = await handle.read(
        Buffer.alloc(size - offset),
        0,
        size - offset,
        offset,
      );
      offset += bytesRead;
      stream.write(buffer.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  };
  const isThere = () => stat(dirname(file)).then(Boolean, () => false);
  const end = () => {
    watcher?.close();
    stream.end();
  };
  const onChange = () => {
    reading = reading
      .then(readOn)
      .then(isThere)
      .then((there) => {
        if (!there) end();
      })
      .catch((error: unknown) => {
        stream.destroy(error instanceof Error ? error : new Error(String(error)));
      });
  };
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(dirname(file), onChange);
    watcher.on('error', end);
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
    return stream;
  }
  signal.addEventListener('abort', end, { once: true });
  stream.on('close', () => watcher.close());
  stream.write(first);
  // What came between the caller's look at the file and the watch.
  onChange();
  return stream;
}
