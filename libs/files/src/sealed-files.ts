import type { Readable } from 'node:stream';
import { Readable as ReadableStream } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { BlobMissing, BlobStore, sealedRange } from '#blobs';
import { idBytes } from '#contracts';
import { Keys, permanentBucket } from '#keys';
import { AppError, logger } from '#platform';
import type { FileRow } from './file.entity.js';
import type { ByteRange } from './file.js';
import { orUnavailable } from './store-trouble.js';

const log = logger('files');

/** Files as sealed bytes: each has a random key of its own, sealed by the keys of its owner and of its month. */
@Injectable()
export class SealedFiles {
  constructor(
    private readonly blobs: BlobStore,
    private readonly keys: Keys,
  ) {}

  /** A file lives as long as a message that refers to it, so its key does not expire by itself. */
  bucketOfNewFiles(): string {
    return permanentBucket;
  }

  sealKey(fileId: string, ownerId: string, bucket: string, key: Buffer): Buffer {
    return this.keys.seal({ ownerId, bucket }, key, idBytes(fileId));
  }

  openKey(file: FileRow): Buffer {
    return this.keys.open(
      { ownerId: file.ownerId, bucket: file.keyBucket },
      file.sealedKey,
      idBytes(file.id),
    );
  }

  /** Plain bytes of a range, opened as they stream. Throws `file.not_found` when the object store lost them. */
  async read(file: FileRow, range: ByteRange): Promise<Readable> {
    if (file.size === 0) return ReadableStream.from([]);
    await this.keys.refresh([{ ownerId: file.ownerId, bucket: file.keyBucket }]);
    const { offset, length, open } = sealedRange(file.size, range.first, range.last);
    try {
      const sealed = await orUnavailable(this.blobs.read('files', file.objectKey, offset, length));
      return open(this.openKey(file), sealed);
    } catch (error) {
      if (!(error instanceof BlobMissing)) throw error;
      log.error({ fileId: file.id }, 'the object store has lost a file');
      throw new AppError('file.not_found', { cause: error });
    }
  }
}
