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

export interface Failure {
  /** Of the condition Running. */
  reason: 'Error' | 'ImagePullFailed' | 'ChecksumError';
  message: string;
  /** Another try would end alike, so there is none. */
  isFatal: boolean;
}

const tooSmall =
  /is larger than the reported available|no space left on device|file largest block is bigger than maxblock|disk quota exceeded/;

/**
 * What a claim and its DataVolume tell of the message with which a pod has ended; the pod itself and the event of
 * the claim keep the whole message. CDI: simplifyKnownMessage, setAnnotationsFromPodWithPrefix and updatePvcFromPod
 * (pkg/controller/util.go, import-controller.go, c07cdb6).
 */
export function failureOf(message: string): Failure {
  if (message.includes('checksum mismatch')) {
    return { reason: 'ChecksumError', message, isFatal: true };
  }
  return {
    reason: message.includes('failed to pull image') ? 'ImagePullFailed' : 'Error',
    message: tooSmall.test(message) ? 'DataVolume too small to contain image' : message,
    isFatal: false,
  };
}
