import { messageOf } from '../../client/messageOf.ts';
/** Why a transfer failed, in the words that CDI puts into the condition Running and its events. */
export class ImportError extends Error {}

export const tooLarge = (imageBytes: number, availableBytes: number) =>
  new ImportError(
    `Unable to process data: Unable to convert source data to target format: virtual image size ${imageBytes} is larger than the reported available storage ${availableBytes}. A larger PVC is required`,
  );

/** Any failure as an ImportError; one that is none gets CDI's preface. */
export function asImportError(error: unknown): ImportError {
  if (error instanceof ImportError) return error;
  const message = messageOf(error);
  const full = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
  return new ImportError(
    `Unable to process data: ${full ? `no space left on device (${message})` : message}`,
    { cause: error },
  );
}
