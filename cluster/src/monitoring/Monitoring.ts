import { join } from 'node:path';

import { messageOf } from '../client/messageOf.ts';
import { type Collect, MetricsServer } from './MetricsServer.ts';
import { Prometheus, type PrometheusAnswer } from './Prometheus.ts';
import type { ScrapeTarget } from './prometheusConfig.ts';

export interface MonitoringOptions {
  /** Path of the program prometheus; undefined when it is not installed. */
  program: string | undefined;
  dataDir: string;
  targets: readonly (ScrapeTarget & { collect: Collect })[];
  /** Of one scrape after the other. */
  intervalSeconds: number;
  log: (message: string) => void;
}

/** The metrics of the cluster, and the Prometheus that keeps them. Starts by itself and in its own time. */
export class Monitoring {
  readonly #options: MonitoringOptions;
  readonly #server: MetricsServer;
  readonly #ending = new AbortController();
  readonly #started: Promise<void>;
  #prometheus: Prometheus | undefined;
  #problem = 'Prometheus is starting';

  constructor(options: MonitoringOptions) {
    this.#options = options;
    const collectors = new Map(options.targets.map(({ path, collect }) => [path, collect]));
    this.#server = new MetricsServer(collectors, options.log);
    this.#started = this.#start();
  }

  /** Asks Prometheus by GET. Rejects with a sentence when it does not run. */
  async get(path: string, signal: AbortSignal): Promise<PrometheusAnswer> {
    if (!this.#prometheus) throw new Error(this.#problem);
    return this.#prometheus.get(path, signal);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#started;
    await this.#prometheus?.close();
    this.#server.close();
  }

  async #start(): Promise<void> {
    const { program, dataDir, targets, intervalSeconds, log } = this.#options;
    if (program === undefined) {
      this.#problem = "the program prometheus is not installed (Debian's package prometheus)";
      log(`no metrics are kept: ${this.#problem}`);
      return;
    }
    try {
      const port = await this.#server.listen();
      const source = { port, token: this.#server.token, targets, intervalSeconds };
      const directory = join(dataDir, 'prometheus');
      const options = { program, directory, source, log };
      this.#prometheus = await Prometheus.start(options, this.#ending.signal);
      void this.#prometheus.ended.then(() => this.#ended());
    } catch (error) {
      const why = messageOf(error);
      this.#problem = `Prometheus could not be started: ${why}`;
      if (!this.#ending.signal.aborted) log(this.#problem);
    }
  }

  #ended(): void {
    this.#prometheus = undefined;
    this.#problem = 'Prometheus has ended; it starts again with the cluster';
    if (!this.#ending.signal.aborted) this.#options.log(this.#problem);
  }
}
