import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { maximumNodes } from './kubelet/addresses.ts';

export const usage = `Usage: npm run cluster -- [options]
       npm run cluster -- backup FILE     writes objects, certificates and settings to a file
       npm run cluster -- restore FILE    puts them back; with --replace over another cluster
  --data-dir DIR         where everything is kept (default ~/.local/share/virtdeck)
  --port NUMBER          port of the Kubernetes API on 127.0.0.1 (default: the one of the last time)
  --nodes NUMBER         how many nodes there are (default 2)
  --runtime NAME         qemu: real guests; simulated: no guests, for tests of scale (default qemu)
  --guest-images NAMES   images to offer as boot sources, separated by commas, or none
                         (default micro,debian-12)
  --seed-vms NUMBER      makes so many running virtual machines in 50 projects (simulated runtime)
  --churn NUMBER         changes so many of them in each second
  --help`;

export interface Arguments {
  dataDir: string;
  /** Undefined: the one of the last time, else a free one. */
  port: number | undefined;
  nodes: number | undefined;
  runtime: 'qemu' | 'simulated';
  guestImages: string[];
  /** Virtual machines to make for measures of scale; 0: none. */
  seedVms: number;
  /** How many of them are changed in each second; 0: none. */
  churn: number;
  /** Undefined: run the cluster. */
  transfer: { command: 'backup' | 'restore'; file: string; replace: boolean } | undefined;
}

/** Reads the command line; undefined when help is asked for. Throws a sentence for people. */
export function readArguments(argv: string[]): Arguments | undefined {
  const { values, positionals } = parseArgs({
    args: argv,
    options: {
      'data-dir': { type: 'string' },
      port: { type: 'string' },
      nodes: { type: 'string' },
      runtime: { type: 'string', default: 'qemu' },
      'guest-images': { type: 'string', default: 'micro,debian-12' },
      'seed-vms': { type: 'string' },
      churn: { type: 'string' },
      replace: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) return undefined;
  const { runtime } = values;
  if (runtime !== 'qemu' && runtime !== 'simulated') {
    throw new Error(`--runtime must be qemu or simulated, not "${runtime}".`);
  }
  const seedVms = numberOf('--seed-vms', values['seed-vms'], 1, 100_000) ?? 0;
  const churn = numberOf('--churn', values.churn, 1, 10_000) ?? 0;
  if (seedVms > 0 && runtime !== 'simulated') {
    throw new Error('--seed-vms needs --runtime simulated: a real guest is a process.');
  }
  if (churn > 0 && seedVms === 0) throw new Error('--churn needs --seed-vms NUMBER.');
  const shared = process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share');
  return {
    dataDir: resolve(values['data-dir'] ?? join(shared, 'virtdeck')),
    port: numberOf('--port', values.port, 0, 65_535),
    nodes: numberOf('--nodes', values.nodes, 1, maximumNodes),
    runtime,
    seedVms,
    churn,
    transfer: transferOf(positionals, values.replace),
    guestImages: values['guest-images'].split(',').filter((name) => name !== 'none'),
  };
}

function transferOf(positionals: string[], replace: boolean): Arguments['transfer'] {
  const [command, file, ...rest] = positionals;
  if (command === undefined) return undefined;
  if (command !== 'backup' && command !== 'restore') {
    throw new Error(`There is no command "${command}"; there are backup FILE and restore FILE.`);
  }
  if (file === undefined || rest.length > 0) throw new Error(`${command} needs one file.`);
  return { command, file, replace };
}

function numberOf(
  flag: string,
  text: string | undefined,
  least: number,
  most: number,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${flag} must be a number from ${least} to ${most}, not "${text}".`);
}
