import { SealedPart } from '#blobs';
import { AppError, logger, release, type SecretKey } from '#platform';
import type { Digest } from './digest.js';
import { partBytes } from './file.js';
import type { PartMemory } from './part-memory.js';

const log = logger('files');

export interface Receiving {
  key: SecretKey;
  /** Of the whole file. */
  size: number;
  /** How much of it is stored. */
  from: number;
  /** Sees every byte, where the bytes before are known to it. */
  digest: Digest | undefined;
  memory: PartMemory;
}

/**
 * Cuts a stream into sealed parts. What does not fill a part at the end of a request is kept only where the file ends.
 * A part is the only memory this takes, and belongs to whoever asked for it.
 */
export async function* partsOf(
  bytes: AsyncIterable<Buffer>,
  { key, size, from, digest, memory }: Receiving,
): AsyncGenerator<SealedPart> {
  const begin = (at: number) => {
    const length = Math.min(partBytes, size - at);
    return new SealedPart(key, at, length, memory.take(length));
  };
  let part = begin(from);
  try {
    for await (const chunk of bytes) {
      for (let rest = chunk; rest.length > 0;) {
        const taken = part.add(rest);
        if (taken === 0)
          throw new AppError('file.upload_invalid', { details: { reason: 'more than announced' } });
        digest?.update(rest.subarray(0, taken));
        rest = rest.subarray(taken);
        if (!part.isFull) continue;
        yield part;
        part = begin(part.offset + part.size);
      }
      release(chunk);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    // The connection broke. What was stored before stays; the client asks where to go on.
    log.debug({ err: error }, 'an upload was interrupted');
  } finally {
    if (!part.isFull) memory.giveBack(part.sealed);
  }
}
