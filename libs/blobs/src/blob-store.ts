import type { Readable } from 'node:stream';

/** `files`: what people upload. `records`: exports and what must outlast policies; versioned where the server can. */
export type Bucket = 'files' | 'records';

export interface BlobPart {
  /** From 1 on. */
  number: number;
  /** What `putPart` answered. */
  tag: string;
  /** Bytes of it, as they were handed over. */
  size: number;
}

export interface StoredBlob {
  key: string;
  size: number;
  /** When it was put there. */
  at: Date;
}

/** What a store was seen to do. */
export interface StoreAbilities {
  /** Where it is. */
  store: string;
  multipart: boolean;
  range: boolean;
  versioning: boolean;
  /** enforced: a held object could not be removed; ignored: the server took the lock, and then removed it. */
  objectLock: 'enforced' | 'ignored' | 'none';
}

/**
 * Bytes by name. An object is there whole or not at all; several parts become one object when completed. All parts
 * but the last are of at least 5 MiB. Sealing is the caller's: a store sees only sealed bytes.
 */
export abstract class BlobStore {
  /** Makes the buckets where they are missing, and fails where the store cannot be used. */
  abstract prepare(): Promise<void>;
  abstract put(bucket: Bucket, key: string, content: Buffer): Promise<void>;
  /** Answers with a reference that the other calls of this upload take. */
  abstract begin(bucket: Bucket, key: string): Promise<string>;
  abstract putPart(
    bucket: Bucket,
    key: string,
    upload: string,
    number: number,
    content: Buffer,
  ): Promise<string>;
  /** The object is there, with every byte of its parts, when this returns; a repeat changes nothing. Throws `PartsLost`. */
  abstract complete(bucket: Bucket, key: string, upload: string, parts: BlobPart[]): Promise<void>;
  /** Forgets an upload and its parts; nothing happens where there is none. */
  abstract abort(bucket: Bucket, key: string, upload: string): Promise<void>;
  /** Bytes from `offset` on, at most `length` of them. Throws `BlobMissing`. */
  abstract read(bucket: Bucket, key: string, offset: number, length: number): Promise<Readable>;
  /** Bytes of an object; undefined where there is none. */
  abstract size(bucket: Bucket, key: string): Promise<number | undefined>;
  /** Every object of the bucket, in no order that means anything. Keys have no slash. */
  abstract list(bucket: Bucket): AsyncIterable<StoredBlob>;
  /** Nothing happens where there is none. */
  abstract remove(bucket: Bucket, key: string): Promise<void>;
  /** Tries what the store can do, on objects of its own that it removes again. Throws where it cannot be used. */
  abstract probe(): Promise<StoreAbilities>;
}

export class BlobMissing extends Error {
  override readonly name = 'BlobMissing';
}

/** The store no longer has what was uploaded of an object: the upload begins anew. */
export class PartsLost extends Error {
  override readonly name = 'PartsLost';
}

/** The store says that something is done, and it is not. */
export class BlobDamaged extends Error {
  override readonly name = 'BlobDamaged';
}

/** Bytes of all parts together. */
export const sizeOf = (parts: readonly BlobPart[]): number => parts.reduce((sum, { size }) => sum + size, 0);
