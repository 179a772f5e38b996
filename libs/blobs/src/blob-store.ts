import type { Readable } from 'node:stream';

/** `files`: what people upload. `records`: exports and what must outlast policies; versioned where the server can. */
export type Bucket = 'files' | 'records';

export interface BlobPart {
  /** From 1 on. */
  number: number;
  /** What `putPart` answered. */
  tag: string;
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
  abstract complete(bucket: Bucket, key: string, upload: string, parts: BlobPart[]): Promise<void>;
  /** Forgets an upload and its parts; nothing happens where there is none. */
  abstract abort(bucket: Bucket, key: string, upload: string): Promise<void>;
  /** Bytes from `offset` on, at most `length` of them. Throws `BlobMissing`. */
  abstract read(bucket: Bucket, key: string, offset: number, length: number): Promise<Readable>;
  /** Nothing happens where there is none. */
  abstract remove(bucket: Bucket, key: string): Promise<void>;
}

export class BlobMissing extends Error {
  override readonly name = 'BlobMissing';
}
