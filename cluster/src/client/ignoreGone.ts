import { hasReason } from '../apiserver/ApiError.ts';

/**
 * Awaits a write whose failure needs no second try: an object that is gone is what was wanted, and a
 * conflict means that a newer object is on its way to the informer. Other failures are thrown. True when it was written.
 */
export async function ignoreGone(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (!hasReason(error, 'NotFound') && !hasReason(error, 'Conflict')) throw error;
    return false;
  }
}
