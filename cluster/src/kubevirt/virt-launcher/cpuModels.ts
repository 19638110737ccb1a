import { spawn } from 'node:child_process';

const timeoutMs = 20_000;

interface Definition {
  name: string;
  /** What of it this machine lacks; absent where QEMU does not know. */
  'unavailable-features'?: string[];
}

/** Those that are no model of a processor, and versions of others. */
const isOwnName = (name: string) => !/-v\d+$/.test(name) && !['base', 'host', 'max'].includes(name);

/**
 * The models of processors that this machine can give to guests in full, as QEMU names them. As libvirt's
 * `getDomainCapabilities` has them usable, from which virt-handler labels its node.
 */
export async function cpuModels(program: string, acceleration: 'kvm' | 'tcg'): Promise<string[]> {
  const machine = ['-machine', `q35,accel=${acceleration}`, '-nodefaults', '-display', 'none'];
  const child = spawn(program, [...machine, '-S', '-qmp', 'stdio'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stdin.on('error', () => undefined);
  for (const execute of ['qmp_capabilities', 'query-cpu-definitions', 'quit']) {
    child.stdin.write(`${JSON.stringify({ execute })}\n`);
  }
  await ended;
  for (const line of said.split('\n')) {
    if (!line.includes('unavailable-features')) continue;
    const { return: definitions } = JSON.parse(line) as { return: Definition[] };
    return definitions
      .filter((one) => one['unavailable-features']?.length === 0 && isOwnName(one.name))
      .map(({ name }) => name)
      .sort();
  }
  throw new Error(`${program} did not tell its models of processors`);
}
