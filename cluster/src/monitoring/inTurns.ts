/** How long one turn works before others have theirs. */
const turnMs = 20;
/** Objects between two looks at the clock. */
const stride = 50;

/**
 * Works on one object after the other, and lets others have their turn in between. By the clock: a busy program gives
 * the next turn late, so that there are to be no more of them than are needed.
 */
export async function inTurns<T>(objects: readonly T[], work: (object: T) => void): Promise<void> {
  let began = performance.now();
  for (const [index, object] of objects.entries()) {
    if (index % stride === stride - 1 && performance.now() - began > turnMs) {
      await new Promise(setImmediate);
      began = performance.now();
    }
    work(object);
  }
}
