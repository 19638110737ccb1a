import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { type Informer, keyText } from '../client/Informer.ts';
import type { ObjectKey } from '../client/KubeClient.ts';
import type { VolumeSnapshot, VolumeSnapshotContent } from './snapshotResources.ts';

/** Where the contents of VolumeSnapshots are on this machine. */
export class SnapshotFolders {
  readonly #root: string;
  readonly #snapshots: Informer<VolumeSnapshot>;
  readonly #contents: Informer<VolumeSnapshotContent>;

  constructor(
    dataDir: string,
    snapshots: Informer<VolumeSnapshot>,
    contents: Informer<VolumeSnapshotContent>,
  ) {
    this.#root = join(dataDir, 'snapshots');
    this.#snapshots = snapshots;
    this.#contents = contents;
  }

  /** Of a snapshot that is ready; throws a sentence when it is not. */
  folderOf(key: ObjectKey): string {
    const name = this.#snapshots.get(key)?.status?.boundVolumeSnapshotContentName ?? '';
    const handle = this.#contents.get({ name })?.status?.snapshotHandle;
    if (!handle) throw new Error(`VolumeSnapshot ${keyText(key)} is not ready`);
    return this.of(handle);
  }

  /** By the handle of its content. */
  of(handle: string): string {
    return join(this.#root, handle);
  }

  /** Of all that is kept there. */
  async handles(): Promise<string[]> {
    try {
      return await readdir(this.#root);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  }
}
