import type { Response } from 'express';
import { once } from 'node:events';
import type { OpenedBytes } from '#blobs';
import { release } from '#platform';

/**
 * Sends content as fast as it is read, and gives back the memory of what has left. Rejects where either side broke; then
 * both are cut.
 */
export async function send(content: OpenedBytes, response: Response): Promise<void> {
  const gone = new AbortController();
  const leave = () => {
    gone.abort();
    content.destroy();
  };
  response.once('close', leave);
  try {
    for await (const piece of content) {
      const hasRoom = response.write(piece, () => release(piece));
      if (!hasRoom) await once(response, 'drain', { signal: gone.signal });
    }
    response.end();
  } catch (error) {
    response.destroy();
    throw error;
  } finally {
    response.off('close', leave);
  }
}
