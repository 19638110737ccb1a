import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { KubeConfig } from '@kubernetes/client-node';

import { processorTime, residentMemory } from './processUse.ts';

const program = fileURLToPath(new URL('../cluster/dist/main.js', import.meta.url));
const nodeLeases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
const flags = ['--runtime', 'simulated', '--guest-images', 'none'];

/** The local cluster alone on a folder of its own, with simulated guests, and requests to its API. */
export class ClusterProcess {
  private child: ChildProcess | undefined;
  private readonly config = new KubeConfig();
  private readonly agent = new Agent({ keepAlive: true, maxSockets: Infinity });

  private constructor(
    readonly folder: string,
    private readonly flags: readonly string[],
  ) {}

  static async start(...flags: string[]): Promise<ClusterProcess> {
    const cluster = new ClusterProcess(await mkdtemp(join(tmpdir(), 'virtdeck-bench-')), flags);
    await cluster.start();
    return cluster;
  }

  get kubeconfig(): string {
    return join(this.folder, 'kubeconfig');
  }

  /** Resolves when the API is ready, with the milliseconds that it took. */
  async start(): Promise<number> {
    const begin = performance.now();
    const args = [program, '--data-dir', this.folder, ...flags, ...this.flags];
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
    const child = spawn(process.execPath, args, { stdio: [...stdio] });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      child.on('message', ({ type }: { type: string }) => {
        if (type === 'ready') resolve();
      });
      child.once('exit', (code) =>
        reject(new Error(`the cluster ended with ${code ?? 'a signal'}`)),
      );
    });
    const took = performance.now() - begin;
    this.config.loadFromFile(this.kubeconfig);
    return took;
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  async dispose(): Promise<void> {
    this.agent.destroy();
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Resident memory in bytes. */
  memory() {
    return residentMemory(this.pid);
  }

  /** Milliseconds that the processors have worked for it since its start. */
  processorTime() {
    return processorTime(this.pid);
  }

  /** Resolves when it has not worked for more than a tenth of so many milliseconds. */
  async whenIdle(forMs: number): Promise<void> {
    for (let before = await this.processorTime(); ;) {
      await sleep(forMs);
      const now = await this.processorTime();
      if (now - before < forMs / 10) return;
      before = now;
    }
  }

  /** Resolves when all nodes have renewed their leases since. */
  async whenNodesReport(since: Date): Promise<void> {
    for (;;) {
      const text = await this.send('GET', nodeLeases);
      const { items } = JSON.parse(text) as { items: { spec: { renewTime: string } }[] };
      const isNew = ({ spec }: (typeof items)[number]) => new Date(spec.renewTime) > since;
      if (items.length > 0 && items.every(isNew)) return;
      await sleep(50);
    }
  }

  private get pid(): number {
    return this.child?.pid ?? 0;
  }

  open(method: string, path: string, body?: object): Promise<IncomingMessage> {
    const cluster = this.config.getCurrentCluster();
    const token = this.config.getCurrentUser()?.token ?? '';
    const payload = body === undefined ? '' : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(
        new URL(path, cluster?.server),
        {
          method,
          agent: this.agent,
          ca: Buffer.from(cluster?.caData ?? '', 'base64'),
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(payload),
          },
        },
        resolve,
      );
      sent.on('error', reject);
      sent.end(payload);
    });
  }

  /** The whole answer; rejects when it is an error. */
  async send(method: string, path: string, body?: object): Promise<string> {
    const response = await this.open(method, path, body);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    if ((response.statusCode ?? 0) >= 300) throw new Error(`${method} ${path}: ${text}`);
    return text;
  }
}
