/** Objects that are worked on before others have their turn. */
const objectsPerTurn = 500;

/** Works on one object after the other, and lets others have their turn in between. */
export async function inTurns<T>(objects: readonly T[], work: (object: T) => void): Promise<void> {
  for (const [index, object] of objects.entries()) {
    if (index % objectsPerTurn === objectsPerTurn - 1) await new Promise(setImmediate);
    work(object);
  }
}
