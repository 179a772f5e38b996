import type { Readable } from 'node:stream';
import { cryptoSuite, release, suiteOf, type SecretKey } from '#platform';

/** Plain bytes of a chunk; every chunk but the last of a blob is of this size. */
export const chunkBytes = 64 * 1024;
const sealedChunkBytes = chunkBytes + cryptoSuite.overhead;

/** The chunk's place is authenticated with it, so that chunks cannot be exchanged, left out or repeated. */
function placeOf(index: number): Buffer {
  const place = Buffer.alloc(8);
  place.writeBigUInt64BE(BigInt(index));
  return place;
}

/** Seals consecutive plain bytes that begin at a chunk boundary. @param offset of the first byte in the blob */
export function sealBytes(key: SecretKey, offset: number, plain: Buffer): Buffer {
  const part = new SealedPart(key, offset, plain.length);
  part.add(plain);
  return part.sealed;
}

/** Seals a stretch of a blob as its bytes come: each is copied once, to where it is sealed. */
export class SealedPart {
  readonly sealed: Buffer;
  /** Plain bytes that came. */
  filled = 0;

  /**
   * @param offset of the first byte in the blob, a chunk boundary
   * @param memory to be used, where it is of the right size; it belongs to the part from now on
   */
  constructor(
    private readonly key: SecretKey,
    readonly offset: number,
    readonly size: number,
    memory?: Buffer,
  ) {
    if (offset % chunkBytes !== 0) throw new Error(`${offset} is not the begin of a chunk`);
    const bytes = sealedSize(size);
    this.sealed = memory?.length === bytes ? memory : Buffer.allocUnsafeSlow(bytes);
  }

  get isFull(): boolean {
    return this.filled === this.size;
  }

  /** @returns how many of these bytes have room in it */
  add(bytes: Buffer): number {
    const taken = Math.min(bytes.length, this.size - this.filled);
    for (let done = 0; done < taken;) {
      const begin = this.filled - (this.filled % chunkBytes);
      const end = Math.min(begin + chunkBytes, this.size);
      const most = Math.min(taken - done, end - this.filled);
      const place = (begin / chunkBytes) * sealedChunkBytes;
      bytes.copy(this.sealed, place + (this.filled - begin), done, done + most);
      this.filled += most;
      done += most;
      if (this.filled === end) this.sealChunk(begin, end - begin, place);
    }
    return taken;
  }

  private sealChunk(begin: number, length: number, place: number): void {
    const target = this.sealed.subarray(place, place + length + cryptoSuite.overhead);
    const context = placeOf((this.offset + begin) / chunkBytes);
    cryptoSuite.sealInto(target, this.key, target.subarray(0, length), context);
  }
}

/** Bytes of the sealed form of a blob of this many plain bytes. */
export const sealedSize = (size: number): number =>
  size + Math.ceil(size / chunkBytes) * cryptoSuite.overhead;

export interface SealedRange {
  /** Stretch of the sealed blob that holds the plain one. */
  offset: number;
  length: number;
  /** Opens that stretch and yields exactly the plain range. */
  open(key: SecretKey, sealed: Readable): OpenedBytes;
}

/** How to read plain bytes `first` to `last`, both included, of a blob of `size` plain bytes. */
export function sealedRange(size: number, first: number, last: number): SealedRange {
  const firstChunk = Math.floor(first / chunkBytes);
  const lastChunk = Math.floor(last / chunkBytes);
  const offset = firstChunk * sealedChunkBytes;
  const length = Math.min((lastChunk + 1) * sealedChunkBytes, sealedSize(size)) - offset;
  const range = { firstChunk, skip: first - firstChunk * chunkBytes, wanted: last - first + 1 };
  return { offset, length, open: (key, sealed) => new OpenedBytes(key, sealed, range) };
}

interface Stretch {
  firstChunk: number;
  /** Plain bytes before the wanted ones. */
  skip: number;
  wanted: number;
}

/**
 * Plain bytes as they are opened, for one reader. Throws where a bit is wrong or something is missing. Whoever does not
 * read to the end destroys it; leaving a loop does.
 */
export class OpenedBytes implements AsyncIterable<Buffer> {
  private index: number;
  private skip: number;
  private left: number;

  constructor(
    private readonly key: SecretKey,
    private readonly sealed: Readable,
    { firstChunk, skip, wanted }: Stretch,
  ) {
    this.index = firstChunk;
    this.skip = skip;
    this.left = wanted;
    // A fault before somebody reads is thrown to whoever does.
    sealed.on('error', () => {});
  }

  destroy(): void {
    this.sealed.destroy();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    const held = Buffer.allocUnsafeSlow(sealedChunkBytes);
    let heldBytes = 0;
    for await (const bytes of this.sealed as AsyncIterable<Buffer>) {
      for (let at = 0; at < bytes.length;) {
        if (heldBytes === 0 && bytes.length - at >= sealedChunkBytes) {
          yield this.opened(bytes.subarray(at, (at += sealedChunkBytes)));
          continue;
        }
        const copied = bytes.copy(held, heldBytes, at);
        heldBytes += copied;
        at += copied;
        if (heldBytes < sealedChunkBytes) break;
        yield this.opened(held);
        heldBytes = 0;
      }
      release(bytes);
    }
    if (heldBytes > 0) yield this.opened(held.subarray(0, heldBytes));
    if (this.left > 0) throw new Error(`a blob is ${this.left} bytes short`);
  }

  private opened(chunk: Buffer): Buffer {
    const plain = suiteOf(chunk).open(this.key, chunk, placeOf(this.index));
    const part = plain.subarray(this.skip, this.skip + this.left);
    this.index += 1;
    this.skip = 0;
    this.left -= part.length;
    return part;
  }
}
