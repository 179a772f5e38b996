import type { Readable } from 'node:stream';
import { logger } from '#platform';
import { partBytes } from './file.js';

const log = logger('files');

/**
 * Cuts a stream into parts. What does not fill a part at the end of a request is kept only where the file ends.
 * A part is the only memory this takes, and belongs to whoever asked for it.
 * @param expected bytes that the file still lacks
 */
export async function* partsOf(stream: Readable, expected: number): AsyncGenerator<Buffer> {
  let left = expected;
  let part = Buffer.allocUnsafeSlow(Math.min(partBytes, left));
  let filled = 0;
  try {
    for await (const chunk of stream) {
      for (let rest = chunk as Buffer; rest.length > 0;) {
        const taken = rest.copy(part, filled);
        // More than was announced; tus refuses that by itself.
        if (taken === 0) return;
        rest = rest.subarray(taken);
        filled += taken;
        if (filled < part.length) continue;
        yield part;
        left -= filled;
        part = Buffer.allocUnsafeSlow(Math.min(partBytes, left));
        filled = 0;
      }
    }
  } catch (error) {
    // The connection broke. What was stored before stays; the client asks where to go on.
    log.debug({ err: error }, 'an upload was interrupted');
  }
}
