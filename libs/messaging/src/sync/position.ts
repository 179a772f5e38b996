import { z } from 'zod';
import { AppError } from '#platform';

/** What a device has: everything of its person's up to a place in the log, or a page of the way there. */
const Place = z.union([
  /** Everything up to `pos`; with `seen`, also all conversations whose head was not above it when they were sent. */
  z.strictObject({
    e: z.string(),
    pos: z.number().int().min(0),
    /** Time of the log's head at `pos`, in milliseconds: nothing after it is older, but for the slack of the clock. */
    at: z.number(),
    seen: z.number().int().min(0).optional(),
  }),
  /** A new device on its first way through, from the newest conversation down; then it goes on from `pos`. */
  z.strictObject({
    e: z.string(),
    pos: z.number().int().min(0),
    at: z.number(),
    below: z.number().int().min(0),
  }),
]);

export type Place = z.infer<typeof Place>;

export const encodePosition = (place: Place): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** Throws `sync.position_invalid` for anything this installation did not make. */
export function decodePosition(position: string): Place {
  try {
    const place = Place.safeParse(JSON.parse(Buffer.from(position, 'base64url').toString('utf8')));
    if (place.success) return place.data;
  } catch {
    // Falls through: whatever is not ours is refused alike.
  }
  throw new AppError('sync.position_invalid');
}
