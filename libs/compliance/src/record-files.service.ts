import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { BlobMissing, BlobStore, sealedRange } from '#blobs';
import { newId } from '#contracts';
import { permanentBucket, RecordKeys } from '#keys';
import { AppError, logger } from '#platform';
import type { ExportFileRow } from './export.entity.js';
import { ExportsStore } from './exports.store.js';
import { RecordWriter } from './record-writer.js';

const log = logger('compliance');

/** Files of exports as sealed bytes: each has a random key of its own, sealed by the key of its export. */
@Injectable()
export class RecordFiles {
  constructor(
    private readonly store: ExportsStore,
    private readonly blobs: BlobStore,
    private readonly keys: RecordKeys,
  ) {}

  async create(exportId: string, name: string, number: number): Promise<RecordWriter> {
    const ref = refOf(exportId);
    await this.keys.ensure([ref]);
    const objectKey = `export-${newId()}`;
    const key = randomBytes(32);
    const file: ExportFileRow = {
      exportId,
      name,
      number,
      objectKey,
      uploadRef: await this.blobs.begin('records', objectKey),
      sealedKey: this.keys.seal(ref, key, Buffer.from(objectKey)),
      size: 0,
      sha256: null,
    };
    await this.store.addFile(file);
    return new RecordWriter(this.blobs, this.store, key, file);
  }

  /** Plain bytes, opened as they stream. Throws `export.not_found` when the object store lost them. */
  async read(file: ExportFileRow): Promise<Readable> {
    if (file.size === 0) return Readable.from([]);
    const ref = refOf(file.exportId);
    await this.keys.refresh([ref]);
    const key = this.keys.open(ref, file.sealedKey, Buffer.from(file.objectKey));
    const { offset, length, open } = sealedRange(file.size, 0, file.size - 1);
    try {
      const sealed = await this.blobs.read('records', file.objectKey, offset, length);
      return Readable.from(open(key, sealed), { objectMode: false });
    } catch (error) {
      if (!(error instanceof BlobMissing)) throw error;
      log.error(
        { exportId: file.exportId, file: file.name },
        'the object store has lost a file of an export',
      );
      throw new AppError('export.not_found', { cause: error });
    }
  }

  /** Forgets what an earlier attempt has written. */
  async discard(exportId: string): Promise<void> {
    for (const file of await this.store.files([exportId])) {
      if (file.uploadRef) await this.blobs.abort('records', file.objectKey, file.uploadRef);
      else await this.blobs.remove('records', file.objectKey);
      await this.store.removeFile(file);
    }
  }
}

/** Exports outlast policies of content, so their keys expire with no month. */
const refOf = (exportId: string) => ({ ownerId: exportId, bucket: permanentBucket });
