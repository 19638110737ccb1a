/**
 * LMDB tells of a failed commit twice: to the writer, whose client hears of it, and by a promise that
 * nobody holds. The second would end the program on a disk that is full for a moment. Any other
 * rejection that nobody handles still ends it.
 */
export function ignoreCommitEchoes(): void {
  process.on('unhandledRejection', (error) => {
    if (error instanceof Error && 'commitError' in error) return;
    throw error;
  });
}
