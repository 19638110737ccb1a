// Shows what a program is doing while it takes its time: one line a step, with seconds.

const live = process.stdout.isTTY === true;

/** Seconds for people: `0.4 s`, `12 s`. */
export function seconds(milliseconds) {
  const value = milliseconds / 1000;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
}

/**
 * Runs `work`, and tells of it as soon as it takes over a second: on a terminal by a line that counts,
 * elsewhere by a line every ten seconds. `work` may call its argument with a detail to show.
 */
export async function step(title, work) {
  const started = Date.now();
  let detail = '';
  let lastPlain = 0;
  const show = () => {
    const elapsed = Date.now() - started;
    const text = `${title}${detail ? `: ${detail}` : ''} … ${seconds(elapsed)}`;
    if (live) {
      process.stdout.write(`\r\x1b[2K  ${text.slice(0, (process.stdout.columns ?? 100) - 4)}`);
    } else if (lastPlain === 0 || elapsed - lastPlain >= 10_000) {
      lastPlain = elapsed;
      process.stdout.write(`  ${text}\n`);
    }
  };
  const timer = setInterval(show, live ? 250 : 1000);
  try {
    const result = await work((text) => {
      detail = text;
    });
    const elapsed = Date.now() - started;
    if (live) process.stdout.write('\r\x1b[2K');
    if (elapsed > 1000) process.stdout.write(`  ${title} (${seconds(elapsed)})\n`);
    return result;
  } catch (error) {
    if (live) process.stdout.write('\r\x1b[2K');
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** An error whose message alone is for the user: no stack is shown. */
export class UserError extends Error {}

/** Runs the main function of a script; a failure is one clear message and exit code 1. */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(
      error instanceof UserError ? `virtdeck: ${error.message}\n` : `${error?.stack ?? error}\n`,
    );
    process.exitCode = 1;
  }
}
