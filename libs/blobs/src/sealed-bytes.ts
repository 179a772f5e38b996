import { pipeline, Transform, type Readable } from 'node:stream';
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
  open(key: SecretKey, sealed: Readable): Readable;
}

/** How to read plain bytes `first` to `last`, both included, of a blob of `size` plain bytes. */
export function sealedRange(size: number, first: number, last: number): SealedRange {
  const firstChunk = Math.floor(first / chunkBytes);
  const lastChunk = Math.floor(last / chunkBytes);
  const offset = firstChunk * sealedChunkBytes;
  const length = Math.min((lastChunk + 1) * sealedChunkBytes, sealedSize(size)) - offset;
  return {
    offset,
    length,
    open(key, sealed) {
      const opening = opener(key, firstChunk, first - firstChunk * chunkBytes, last - first + 1);
      // A fault on either side ends both.
      pipeline(sealed, opening, () => {});
      return opening;
    },
  };
}

/** Sealed chunks that are waited for before their source is told to wait, and plain ones before the opening does. */
const waitingBytes = 4 * chunkBytes;

function opener(key: SecretKey, firstChunk: number, skip: number, wanted: number): Transform {
  let index = firstChunk;
  let toSkip = skip;
  let left = wanted;
  const held = Buffer.allocUnsafeSlow(sealedChunkBytes);
  let heldBytes = 0;
  const open = (stream: Transform, bytes: Buffer) => {
    const plain = suiteOf(bytes).open(key, bytes, placeOf(index));
    index += 1;
    const part = plain.subarray(toSkip, toSkip + left);
    toSkip = 0;
    left -= part.length;
    if (part.length > 0) stream.push(part);
  };
  return new Transform({
    readableHighWaterMark: waitingBytes,
    writableHighWaterMark: waitingBytes,
    transform(bytes: Buffer, _encoding, done) {
      try {
        for (let at = 0; at < bytes.length;) {
          if (heldBytes === 0 && bytes.length - at >= sealedChunkBytes) {
            open(this, bytes.subarray(at, at + sealedChunkBytes));
            at += sealedChunkBytes;
            continue;
          }
          const copied = bytes.copy(held, heldBytes, at);
          heldBytes += copied;
          at += copied;
          if (heldBytes < sealedChunkBytes) break;
          open(this, held);
          heldBytes = 0;
        }
        release(bytes);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      try {
        if (heldBytes > 0) open(this, held.subarray(0, heldBytes));
        done(left > 0 ? new Error(`a blob is ${left} bytes short`) : null);
      } catch (error) {
        done(error as Error);
      }
    },
  });
}
