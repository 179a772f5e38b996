import { BlobMissing } from '#blobs';
import { AppError, isDatabaseAway } from '#platform';

const retryAfterMs = 2000;

/** The object store's troubles are not the caller's fault and pass: `service.unavailable`. */
export async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError || error instanceof BlobMissing || isDatabaseAway(error)) throw error;
    throw new AppError('service.unavailable', { cause: error, retryAfterMs });
  }
}
