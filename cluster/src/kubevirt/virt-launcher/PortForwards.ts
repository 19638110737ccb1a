import { createServer, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DomainInterface } from './GuestRuntime.ts';
import type { Qmp } from './Qmp.ts';
import { userNetwork } from './interfaceDevices.ts';

/** How long a port that nobody uses any more stays open for the next one. */
const LINGER_MS = 10_000;
const ATTEMPTS = 3;
/** How often QEMU is asked whether a connection has come through. */
const CHECK_MS = 50;

interface Forward {
  hostPort: number;
  users: number;
  timer: NodeJS.Timeout | undefined;
}

/** TCP ports of a guest that are reachable on its loopback address, by user-mode networking's `hostfwd`. */
export class PortForwards {
  #qmp: Qmp;
  /** The interface on the pod network, the only one whose ports are forwarded. */
  #nic: DomainInterface | undefined;
  #log: (text: string) => void;
  #temporary = new Map<number, Promise<Forward>>();

  constructor(qmp: Qmp, interfaces: DomainInterface[], log: (text: string) => void) {
    this.#qmp = qmp;
    this.#nic = interfaces.find(({ segment }) => segment === undefined);
    this.#log = log;
  }

  /** Opens the ports that the domain names. One that cannot be opened is a line in the log. */
  async openNamed(): Promise<void> {
    const nic = this.#nic;
    for (const port of nic?.ports ?? []) {
      const address = nic?.address ?? '';
      const problem = await this.#add(address, port, port);
      if (problem !== undefined)
        this.#log(`port ${port} of the guest is not reachable at ${address}: ${problem}`);
    }
  }

  /** Connects to a port inside the guest, by an ephemeral port on its address as long as there is use. */
  async connect(port: number): Promise<Socket> {
    const nic = this.#nic;
    if (nic === undefined) throw new Error('The guest has no interface on the pod network');
    let opening = this.#temporary.get(port);
    if (opening === undefined) {
      opening = this.#open(nic.address, port);
      this.#temporary.set(port, opening);
      opening.catch(() => this.#temporary.delete(port));
    }
    const forward = await opening;
    forward.users++;
    clearTimeout(forward.timer);
    const socket = connect(forward.hostPort, nic.address);
    socket.once('close', () => this.#release(nic.address, port, forward));
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return socket;
  }

  /**
   * Resolves when the guest answers on the port. A connection is taken by QEMU before it has asked the
   * guest, so QEMU is asked how far it has come.
   */
  async check(port: number, timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    const dial = `dial tcp ${this.#nic?.address ?? ''}:${port}`;
    const socket = await this.connect(port);
    const hostPort = String(socket.remotePort);
    socket.resume();
    try {
      for (;;) {
        const lines = (await this.#hmp('info usernet')).split('\n');
        const fields = lines.map((line) => line.trim().split(/\s+/));
        if (fields.some((row) => row[0] === 'TCP[ESTABLISHED]' && row[3] === hostPort)) return;
        if (socket.closed) throw new Error(`${dial}: connect: connection refused`);
        if (Date.now() > deadline) throw new Error(`${dial}: i/o timeout`);
        await sleep(CHECK_MS);
      }
    } finally {
      socket.destroy();
    }
  }

  #release(address: string, port: number, forward: Forward): void {
    forward.users--;
    if (forward.users > 0) return;
    forward.timer = setTimeout(() => {
      this.#temporary.delete(port);
      // Fails only when the guest has ended meanwhile, and its ports with it.
      this.#hmp(`hostfwd_remove ${userNetwork.id} tcp:${address}:${forward.hostPort}`).catch(
        () => undefined,
      );
    }, LINGER_MS);
    forward.timer.unref();
  }

  async #open(address: string, port: number): Promise<Forward> {
    let problem: string | undefined = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const hostPort = await freePort(address);
      problem = await this.#add(address, hostPort, port);
      if (problem === undefined) return { hostPort, users: 0, timer: undefined };
    }
    throw new Error(`Port ${port} of the guest cannot be reached: ${problem}`);
  }

  /** Undefined when it worked, else QEMU's reason. */
  async #add(address: string, from: number, to: number): Promise<string | undefined> {
    const { id, guestAddress } = userNetwork;
    const said = await this.#hmp(`hostfwd_add ${id} tcp:${address}:${from}-${guestAddress}:${to}`);
    return said.trim() === '' ? undefined : said.trim();
  }

  async #hmp(line: string): Promise<string> {
    const said = await this.#qmp.execute('human-monitor-command', { 'command-line': line });
    return String(said);
  }
}

/** A port that was free a moment ago; who takes it must be ready to find it taken. */
function freePort(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, address, () => {
      const bound = server.address();
      server.close(() => {
        if (bound === null || typeof bound === 'string') reject(new Error('No port was bound'));
        else resolve(bound.port);
      });
    });
  });
}
