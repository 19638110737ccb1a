import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect as connectTls } from 'node:tls';

import type { V1Probe } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { Guest } from './GuestRuntime.ts';

/**
 * Asks a guest the question of a probe once; rejects with what a kubelet, or KubeVirt's virt-probe, says
 * when the answer is bad or does not come within the probe's time (cmd/virt-probe, d923fdb).
 */
export async function runProbe(guest: Guest | undefined, probe: V1Probe): Promise<void> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  if (!guest || guest.state !== 'running') throw new Error('the guest does not run');
  if (probe.guestAgentPing) return within(timeoutMs, agentOf(guest).ping());
  if (probe.exec) {
    const [command = '', ...args] = probe.exec.command ?? [];
    const { exitCode, output } = await agentOf(guest).execute(command, args, timeoutMs);
    if (exitCode !== 0) throw new Error(output.trim() || `command failed with code ${exitCode}`);
    return;
  }
  if (probe.tcpSocket) {
    return guest.checkPort(portOf(probe.tcpSocket), timeoutMs);
  }
  if (probe.httpGet) return ask(guest, probe.httpGet, timeoutMs);
}

/** The declarations leave it out, because it may also be a name, which a guest has none of. */
const portOf = (action: object) => Number((action as { port?: number | string }).port);

function agentOf({ agent }: Guest) {
  if (!agent) throw new Error('Guest agent is not responding');
  return agent;
}

/** As a kubelet does it: any status from 200 to 399 is good, certificates are not looked at. */
async function ask(
  guest: Guest,
  action: NonNullable<V1Probe['httpGet']>,
  timeoutMs: number,
): Promise<void> {
  const { path = '/', scheme, host, httpHeaders = [] } = action;
  const stream = await guest.openPort(portOf(action));
  try {
    const request = scheme === 'HTTPS' ? requestHttps : requestHttp;
    const headers = Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value]));
    const options = {
      host: host ?? 'localhost',
      path,
      headers: { 'user-agent': 'kube-probe/1.33', connection: 'close', ...headers },
      createConnection: () =>
        scheme === 'HTTPS' ? connectTls({ socket: stream, rejectUnauthorized: false }) : stream,
    };
    const status = await within(
      timeoutMs,
      new Promise<number>((resolve, reject) => {
        const sent = request(options, (reply) => {
          reply.resume();
          resolve(reply.statusCode ?? 0);
        });
        sent.once('error', reject);
        sent.end();
      }),
    );
    if (status < 200 || status >= 400) {
      throw new Error(`HTTP probe failed with statuscode: ${status}`);
    }
  } finally {
    stream.destroy();
  }
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`command timed out after ${timeoutMs / 1000}s`)),
      timeoutMs,
    );
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
