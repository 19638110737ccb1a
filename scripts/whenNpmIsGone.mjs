/**
 * Calls back when the npm that started this program is gone without having told us (kill -9): a program
 * that nobody can stop any more by the command that started it should not go on. Does nothing when npm
 * did not start it.
 */
export function whenNpmIsGone(callback) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(timer);
    callback();
  }, 500);
  timer.unref();
}
