import { expect, test } from 'vitest';
import type { DomainSpec, GuestEvent } from './GuestRuntime.ts';
import type { Clock } from './SimulatedGuest.ts';
import { SimulatedRuntime } from './SimulatedRuntime.ts';

/** A clock that stands still until it is moved. */
function manualClock(): Clock & { move(ms: number): Promise<void>; pending(): number } {
  let now = 0;
  const due = new Set<{ at: number; callback: () => void }>();
  return {
    after(ms, callback) {
      const entry = { at: now + ms, callback };
      due.add(entry);
      return () => due.delete(entry);
    },
    async move(ms) {
      now += ms;
      for (const entry of [...due]) if (entry.at <= now && due.delete(entry)) entry.callback();
      await new Promise((resolve) => setImmediate(resolve));
    },
    pending: () => due.size,
  };
}

function domain(name: string): DomainSpec {
  return {
    uid: name,
    name: `default_${name}`,
    hostname: name,
    firmware: {
      uuid: '00000000-0000-0000-0000-000000000001',
      bootloader: 'bios',
      secureBoot: false,
    },
    cpu: { sockets: 1, cores: 1, threads: 1, maxSockets: 4 },
    memoryBytes: 2 ** 28,
    disks: [],
    interfaces: [],
    graphics: true,
    serialConsole: true,
    startPaused: false,
  };
}

async function running(name: string) {
  const clock = manualClock();
  const runtime = new SimulatedRuntime({ clock, startMs: 10, shutdownMs: 20, agentMs: 30 });
  const launching = runtime.launch(`/guests/${name}`, domain(name));
  await clock.move(10);
  const guest = await launching;
  const events: GuestEvent[] = [];
  guest.subscribe((event) => events.push(event));
  return { clock, runtime, guest, events };
}

test('a guest starts, shows its agent, and obeys the power button', async () => {
  const { clock, guest, events } = await running('web');
  expect(guest.state).toBe('running');
  await clock.move(30);
  expect((await guest.agentInfo())?.hostname).toBe('web');
  await guest.powerdown();
  await clock.move(20);
  expect(guest.end?.end).toBe('shutdown');
  expect(events.map((event) => event.type)).toEqual(['agent', 'ended']);
});

test('names provoke failures', async () => {
  const clock = manualClock();
  const runtime = new SimulatedRuntime({ clock, startMs: 10 });
  const launching = runtime.launch('/guests/a', domain('db-fails-to-start'));
  const failed = expect(launching).rejects.toThrow('fails-to-start');
  await clock.move(10);
  await failed;
  const { clock: second, guest } = await running('db-crashes');
  await second.move(30);
  expect(guest.end?.end).toBe('crashed');
});

test('a paused guest is paused again after it was suspended, without an event', async () => {
  const { clock, runtime, guest, events } = await running('web');
  await guest.pause();
  await guest.suspend(1000);
  expect(events.map((event) => event.type)).toEqual(['paused']);
  const launching = runtime.launch('/guests/web', domain('web'));
  await clock.move(10);
  expect((await launching).state).toBe('paused');
});

test('consoles say why there are none', async () => {
  const { guest } = await running('web');
  await expect(guest.openVnc()).rejects.toThrow('--runtime qemu');
});

test('ten thousand guests at rest have no timers', async () => {
  const clock = manualClock();
  const runtime = new SimulatedRuntime({ clock, startMs: 10, agentMs: 30 });
  const launching = Array.from({ length: 10_000 }, (_, n) =>
    runtime.launch(`/guests/${n}`, domain(`vm-${n}`)),
  );
  expect(clock.pending()).toBe(10_000);
  await clock.move(10);
  await Promise.all(launching);
  await clock.move(30);
  expect(clock.pending()).toBe(0);
});
