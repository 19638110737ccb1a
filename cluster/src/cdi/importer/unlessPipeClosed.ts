/** A program that has read enough closes its input, which is no failure of the source. */
export function unlessPipeClosed(error: unknown): void {
  if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return;
  throw error;
}
