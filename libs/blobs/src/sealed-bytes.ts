import { pipeline, Transform, type Readable } from 'node:stream';
import { cryptoSuite, suiteOf } from '#platform';

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
export function sealBytes(key: Uint8Array, offset: number, plain: Buffer): Buffer {
  if (offset % chunkBytes !== 0) throw new Error(`${offset} is not the begin of a chunk`);
  const sealed: Buffer[] = [];
  for (let at = 0; at < plain.length; at += chunkBytes) {
    const place = placeOf((offset + at) / chunkBytes);
    sealed.push(cryptoSuite.seal(key, plain.subarray(at, at + chunkBytes), place));
  }
  return Buffer.concat(sealed);
}

/** Bytes of the sealed form of a blob of this many plain bytes. */
export const sealedSize = (size: number): number =>
  size + Math.ceil(size / chunkBytes) * cryptoSuite.overhead;

export interface SealedRange {
  /** Stretch of the sealed blob that holds the plain one. */
  offset: number;
  length: number;
  /** Opens that stretch and yields exactly the plain range. */
  open(key: Uint8Array, sealed: Readable): Readable;
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

function opener(key: Uint8Array, firstChunk: number, skip: number, wanted: number): Transform {
  let index = firstChunk;
  let toSkip = skip;
  let left = wanted;
  let held: Buffer[] = [];
  let heldBytes = 0;
  const openHeld = (stream: Transform, bytes: Buffer) => {
    const plain = suiteOf(bytes).open(key, bytes, placeOf(index));
    index += 1;
    const part = plain.subarray(toSkip, toSkip + left);
    toSkip = 0;
    left -= part.length;
    if (part.length > 0) stream.push(part);
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      held.push(chunk);
      heldBytes += chunk.length;
      if (heldBytes < sealedChunkBytes) return done();
      try {
        let all = Buffer.concat(held);
        for (; all.length >= sealedChunkBytes; all = all.subarray(sealedChunkBytes)) {
          openHeld(this, all.subarray(0, sealedChunkBytes));
        }
        held = [all];
        heldBytes = all.length;
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      try {
        const rest = Buffer.concat(held);
        if (rest.length > 0) openHeld(this, rest);
        done(left > 0 ? new Error(`a blob is ${left} bytes short`) : null);
      } catch (error) {
        done(error as Error);
      }
    },
  });
}
