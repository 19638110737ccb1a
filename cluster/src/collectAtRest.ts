import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const lookMs = 2000;
/** At rest is who works less than this part of the time. */
const restful = 0.15;
/** Less than this is left for later. */
const worthwhileBytes = 64 * 2 ** 20;

/**
 * Gives memory back when a start or many writes are over. V8 collects garbage as a program allocates; one that is at
 * rest keeps what it has left behind for good, here as much again as all that it needs.
 */
export function collectAtRest(): void {
  setFlagsFromString('--expose-gc');
  // The parse boundary: the flag gives new contexts this function.
  const collect = runInNewContext('gc') as () => void;
  let needed = 0;
  let before = process.cpuUsage();
  const look = () => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    const isAtRest = (user + system) / 1000 < lookMs * restful;
    if (!isAtRest || process.memoryUsage().heapUsed - needed < worthwhileBytes) return;
    // Else most of it stays with pages that are half empty.
    setFlagsFromString('--compact-on-every-full-gc');
    collect();
    setFlagsFromString('--no-compact-on-every-full-gc');
    needed = process.memoryUsage().heapUsed;
  };
  setInterval(look, lookMs).unref();
}
