import { join } from 'node:path';

import type { Clock } from '../client/Clock.ts';
import { BoundedFile } from './BoundedFile.ts';

/** Further fields of a line: `namespace`, `name`, `kind`, `uid`, `reason` ... */
export type LogFields = Readonly<Record<string, string | number | undefined>>;

/** What one component logs by. */
export interface ComponentLog {
  info(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

interface Options {
  /** Each component has a file in it. */
  folder: string;
  clock: Clock;
  /** Told when a log cannot be written; its lines are lost then. */
  onError: (message: string) => void;
  /** Size at which a log is begun anew, 1 MiB when absent; the one before is kept. */
  limitBytes?: number;
}

const defaultLimitBytes = 2 ** 20;

/**
 * The logs of this program's components, each in a file of its own, a JSON object a line with the fields
 * that KubeVirt's components give (kubevirt.io/client-go/log, d923fdb).
 */
export class ComponentLogs {
  readonly #options: Options;
  readonly #files = new Map<string, BoundedFile>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** The log of a component, of its part on a node when one is named. */
  of(component: string, node?: string): ComponentLog {
    const write =
      (level: string) =>
      (message: string, fields: LogFields = {}) => {
        const timestamp = new Date(this.#options.clock.now()).toISOString();
        const line = { component, level, msg: message, ...fields, timestamp };
        this.#fileOf(component, node).add(`${JSON.stringify(line)}\n`);
      };
    return { info: write('info'), warning: write('warning'), error: write('error') };
  }

  /** Where the lines of a component are. */
  pathOf(component: string, node?: string): string {
    return this.#fileOf(component, node).path;
  }

  /** Resolves when all lines are written. */
  async settled(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.settled()));
  }

  #fileOf(component: string, node: string | undefined): BoundedFile {
    const name = node === undefined ? component : `${component}-${node}`;
    const known = this.#files.get(name);
    if (known) return known;
    const { folder, limitBytes = defaultLimitBytes, onError } = this.#options;
    const file = new BoundedFile(join(folder, `${name}.log`), limitBytes, (error) =>
      onError(`log of ${name}: ${String(error)}`),
    );
    this.#files.set(name, file);
    return file;
  }
}
