import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Injectable } from '@nestjs/common';
import { BlobMissing, BlobStore, sealBytes, sealedRange, type OpenedBytes } from '#blobs';
import { idBytes } from '#contracts';
import { Keys, permanentBucket } from '#keys';
import { AppError, cryptoSuite, logger, secretKey, type SecretKey } from '#platform';
import type { FileRow } from './file.entity.js';
import type { ByteRange } from './file.js';
import { orUnavailable } from './store-trouble.js';

const log = logger('files');

/** Something made of a file, as it is kept. */
export interface Derived {
  form: string;
  objectKey: string;
  /** Plain bytes. */
  size: number;
}

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

  /** Keeps something that was made of a file, as sealed as the file. @returns its key in the object store */
  async putDerived(file: FileRow, form: string, content: Buffer): Promise<string> {
    await this.keys.refresh([{ ownerId: file.ownerId, bucket: file.keyBucket }]);
    const objectKey = `${file.objectKey}-${form}`;
    const sealed = sealBytes(this.derivedKey(file, form), 0, content);
    await orUnavailable(this.blobs.put('files', objectKey, sealed));
    return objectKey;
  }

  /** Throws `file.not_found` when the object store lost it. */
  async readDerived(file: FileRow, { form, objectKey, size }: Derived): Promise<Buffer> {
    await this.keys.refresh([{ ownerId: file.ownerId, bucket: file.keyBucket }]);
    const { offset, length, open } = sealedRange(size, 0, size - 1);
    try {
      const sealed = await orUnavailable(this.blobs.read('files', objectKey, offset, length));
      return await buffer(open(this.derivedKey(file, form), sealed));
    } catch (error) {
      throw this.asLost(file, error);
    }
  }

  /** Plain bytes of a range, opened as they stream. Throws `file.not_found` when the object store lost them. */
  async read(file: FileRow, range: ByteRange): Promise<OpenedBytes> {
    await this.keys.refresh([{ ownerId: file.ownerId, bucket: file.keyBucket }]);
    const { offset, length, open } = sealedRange(file.size, range.first, range.last);
    try {
      const isEmpty = file.size === 0;
      const sealed = isEmpty
        ? Readable.from([])
        : await orUnavailable(this.blobs.read('files', file.objectKey, offset, length));
      return open(secretKey(this.openKey(file)), sealed);
    } catch (error) {
      throw this.asLost(file, error);
    }
  }

  /** Chunks of one cannot take the place of chunks of the other. */
  private derivedKey(file: FileRow, form: string): SecretKey {
    return secretKey(cryptoSuite.derive(this.openKey(file), idBytes(file.id), `chancery file ${form}`));
  }

  private asLost(file: FileRow, error: unknown): unknown {
    if (!(error instanceof BlobMissing)) return error;
    log.error({ fileId: file.id }, 'the object store has lost a file');
    return new AppError('file.not_found', { cause: error });
  }
}
