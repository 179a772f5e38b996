import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Where a paged search goes on: the position of the next match, and how many entries it has delivered so far. */
export interface PagePlace {
  readonly next: number;
  readonly delivered: number;
}

const sealSize = 16;

/**
 * Cookies of the paged results control (RFC 2696). A cookie carries its place and a seal over the search it belongs to, so
 * the server remembers nothing: any number of searches go on side by side, over any connection, and an abandoned one costs
 * nothing. The key lives as long as the process, because positions do.
 */
export class PageCookies {
  readonly #key = randomBytes(32);

  issue(place: PagePlace, search: string): Buffer {
    const body = Buffer.alloc(8);
    body.writeUInt32BE(place.next, 0);
    body.writeUInt32BE(place.delivered, 4);
    return Buffer.concat([body, this.#seal(body, search)]);
  }

  /** Undefined when the cookie was not issued for this search. */
  read(cookie: Buffer, search: string): PagePlace | undefined {
    if (cookie.length !== 8 + sealSize) return undefined;
    const body = cookie.subarray(0, 8);
    if (!timingSafeEqual(cookie.subarray(8), this.#seal(body, search))) return undefined;
    return { next: body.readUInt32BE(0), delivered: body.readUInt32BE(4) };
  }

  #seal(body: Buffer, search: string): Buffer {
    return createHmac('sha256', this.#key).update(body).update(search).digest().subarray(0, sealSize);
  }
}
