import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the guests of all nodes live: `nodes/NODE/guests/UID` of the data folder. */
export class GuestFolders {
  readonly #nodes: string;

  constructor(dataDir: string) {
    this.#nodes = join(dataDir, 'nodes');
  }

  of(node: string, uid: string): string {
    return join(this.#nodes, node, 'guests', uid);
  }

  /** UIDs of the VMIs that have a folder on the node, also of those that are long gone. */
  on(node: string): Promise<string[]> {
    return namesIn(join(this.#nodes, node, 'guests'));
  }

  nodes(): Promise<string[]> {
    return namesIn(this.#nodes);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

const isMissing = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
