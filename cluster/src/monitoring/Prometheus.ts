import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { issueClientCertificate, serverCertificate } from '../apiserver/http/certificate.ts';
import { prometheusConfig, type ScrapeSource } from './prometheusConfig.ts';
import { ruleFile } from './rules.ts';

const attempts = 5;
const pauseMs = 1000;
const stopMs = 5000;
const retention = { time: '15d', size: '512MB' };
const tailCharacters = 2000;

/**
 * Ends Prometheus when its standard input closes, which happens however this program ends: a Prometheus
 * that was left would keep its data from the next one.
 */
const follow = 'exec 3<&0; (read -r _ <&3; kill -TERM $$) 2>/dev/null & exec "$@" 3<&- </dev/null';

export interface PrometheusAnswer {
  code: number;
  contentType: string;
  bytes: Buffer;
}

export interface PrometheusOptions {
  /** Path of the program. */
  program: string;
  /** Its own; what it keeps is there. */
  directory: string;
  source: ScrapeSource;
  log: (message: string) => void;
}

type Process = ChildProcessByStdio<Writable, null, Readable>;

/**
 * Debian's Prometheus as a process beside this program, at 127.0.0.1. It answers to the holder of one
 * client certificate alone: who may ask is decided by the API server.
 */
export class Prometheus {
  readonly #process: Process;
  readonly #agent: Agent;
  readonly #port: number;

  private constructor(child: Process, agent: Agent, port: number) {
    this.#process = child;
    this.#agent = agent;
    this.#port = port;
  }

  /** Resolves when it answers; rejects with what it said. Ends early by `signal`. */
  static async start(options: PrometheusOptions, signal: AbortSignal): Promise<Prometheus> {
    const { directory, source } = options;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const agent = await writeCertificates(directory);
    const write = (name: string, content: object) =>
      writeFile(join(directory, name), JSON.stringify(content, undefined, 1), { mode: 0o600 });
    await write('prometheus.json', prometheusConfig(source));
    await write('rules.json', ruleFile);
    for (let attempt = 1; ; attempt++) {
      try {
        const port = await freePort();
        const child = await launch(options, port);
        const made = new Prometheus(child, agent, port);
        if (signal.aborted) await made.close();
        return made;
      } catch (error) {
        // The port was taken meanwhile, or the one of before has not let go of its data yet.
        if (attempt === attempts || signal.aborted) throw error;
        await sleep(pauseMs, undefined, { signal });
      }
    }
  }

  /** Resolves when it has ended. */
  get ended(): Promise<unknown> {
    return this.#process.exitCode === null && this.#process.signalCode === null
      ? once(this.#process, 'exit')
      : Promise.resolve();
  }

  /** Asks by GET; `path` with its query. */
  get(path: string, signal: AbortSignal): Promise<PrometheusAnswer> {
    return new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port: this.#port, path, agent: this.#agent, signal },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              code: response.statusCode ?? 502,
              contentType: response.headers['content-type'] ?? 'application/json',
              bytes: Buffer.concat(chunks),
            }),
          );
        },
      );
      asked.on('error', reject);
      asked.end();
    });
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    this.#process.stdin.end();
    const late = sleep(stopMs, 'late', { ref: false });
    if ((await Promise.race([this.ended, late])) === 'late') this.#process.kill('SIGKILL');
  }
}

async function launch({ program, directory }: PrometheusOptions, port: number): Promise<Process> {
  const args = [
    '--config.file=prometheus.json',
    '--web.config.file=web.json',
    `--web.listen-address=127.0.0.1:${port}`,
    '--storage.tsdb.path=data',
    `--storage.tsdb.retention.time=${retention.time}`,
    `--storage.tsdb.retention.size=${retention.size}`,
  ];
  const child = spawn('/bin/sh', ['-c', follow, 'sh', program, ...args], {
    cwd: directory,
    // Ctrl-C in the terminal is for us; we end it when all else has ended.
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      child.stdin.destroy();
      reject(new Error(`it ended with exit code ${String(code)}: ${said.trim()}`));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-tailCharacters);
      if (said.includes('Server is ready to receive web requests')) resolve();
    });
  });
  // Nobody reads on, and a full pipe would stop it.
  child.stderr.removeAllListeners('data').resume();
  child.stdin.on('error', () => child.stdin.destroy());
  return child;
}

/** Writes what Prometheus serves TLS by; returns the agent that it lets in. Its authority signs for it alone. */
async function writeCertificates(directory: string): Promise<Agent> {
  const server = await serverCertificate(directory);
  const client = await issueClientCertificate(server, { username: 'kube-apiserver', groups: [] });
  const write = (name: string, text: string) =>
    writeFile(join(directory, name), text, { mode: 0o600 });
  await write('ca.pem', server.ca);
  await write('server.pem', server.cert);
  await write('server.key', server.key);
  const tls = {
    cert_file: 'server.pem',
    key_file: 'server.key',
    client_auth_type: 'RequireAndVerifyClientCert',
    client_ca_file: 'ca.pem',
  };
  await write('web.json', JSON.stringify({ tls_server_config: tls }));
  return new Agent({ keepAlive: true, ca: server.ca, cert: client.cert, key: client.key });
}

/** A port that was free a moment ago; who takes it must be ready to find it taken. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const bound = server.address();
      server.close(() => {
        if (bound === null || typeof bound === 'string') reject(new Error('No port was bound'));
        else resolve(bound.port);
      });
    });
  });
}
