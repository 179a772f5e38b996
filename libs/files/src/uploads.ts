import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { DataStore, ERRORS, Upload } from '@tus/server';
import { LRUCache } from 'lru-cache';
import { BlobStore, type SealedPart } from '#blobs';
import { Keys } from '#keys';
import { AppError, secretKey, SETTINGS, type Settings } from '#platform';
import { Digest } from './digest.js';
import type { FileRow } from './file.entity.js';
import { cleanName, partBytes } from './file.js';
import { FilesStore } from './files.store.js';
import { PartMemory } from './part-memory.js';
import { partsOf } from './parts.js';
import { SealedFiles } from './sealed-files.js';
import { orUnavailable } from './store-trouble.js';
import { UploadEnds } from './upload-ends.service.js';
import { uploading } from './uploading.js';

/** Uploads whose digest so far is kept between their requests; others are read once more at their end. */
const digestsKept = 1000;
/** One part is filled while another is on its way. */
const memoriesKept = 2;

/** The store behind tus: bytes go sealed to the object store in parts; what is acknowledged is stored. */
@Injectable()
export class Uploads extends DataStore {
  override extensions = ['creation', 'termination'];
  private readonly digests = new LRUCache<string, Digest>({ max: digestsKept });
  private readonly memory = new PartMemory(memoriesKept);

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly store: FilesStore,
    private readonly blobs: BlobStore,
    private readonly keys: Keys,
    private readonly sealed: SealedFiles,
    private readonly ends: UploadEnds,
  ) {
    super();
  }

  /** @param upload with the owner's id in its metadata, put there by the controller */
  override async create(upload: Upload): Promise<Upload> {
    const ownerId = upload.metadata?.['ownerId'];
    if (!ownerId || upload.size === undefined) throw ERRORS.INVALID_LENGTH;
    const keyBucket = this.sealed.bucketOfNewFiles();
    await this.keys.ensure([{ ownerId, bucket: keyBucket }]);
    const objectKey = `file-${upload.id}`;
    const file: FileRow = {
      ...newFile,
      id: upload.id,
      ownerId,
      name: cleanName(upload.metadata?.['filename'] ?? ''),
      size: upload.size,
      objectKey,
      uploadRef: await orUnavailable(this.blobs.begin('files', objectKey)),
      keyBucket,
      sealedKey: this.sealed.sealKey(upload.id, ownerId, keyBucket, randomBytes(32)),
      createdAt: new Date(),
    };
    await this.keep(file);
    if (file.size === 0) await this.ends.finish(file, Digest.begin());
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const file = await this.store.find(id);
    if (!file) throw ERRORS.FILE_NOT_FOUND;
    // Every byte is stored, and whoever stored the last did not come to the end.
    const isStored = file.state === 'uploading' && file.received === file.size;
    if (isStored) await this.ends.finish(file);
    const offset = isStored || file.state === 'ready' ? file.size : file.received;
    return new Upload({ id, size: file.size, offset, metadata: { filename: file.name } });
  }

  /** @returns how far the upload is stored; a cut connection costs at most the parts that were under way */
  override async write(_stream: Readable, id: string, offset: number): Promise<number> {
    const file = await this.store.find(id);
    if (!file || file.state !== 'uploading') throw ERRORS.FILE_NOT_FOUND;
    if (file.received !== offset) throw ERRORS.INVALID_OFFSET;
    const digest = this.digestUpTo(id, offset);
    // While one part is on its way to the store, the next one arrives and is sealed; never more.
    let underWay = Promise.resolve();
    let received = offset;
    try {
      const key = secretKey(this.sealed.openKey(file));
      const receiving = { key, size: file.size, from: offset, digest, memory: this.memory };
      for await (const part of partsOf(incoming(), receiving)) {
        if (offset === 0 && part.offset === 0) await this.ends.requireAccepted(file, await digest!.kind());
        await underWay;
        underWay = this.putPart(file, part);
        // Its fault is thrown where it is waited for.
        underWay.catch(() => {});
        received += part.size;
        if (digest) this.digests.set(id, digest.copy());
      }
      await underWay;
    } catch (error) {
      // What was digested may not be what is stored.
      this.digests.delete(id);
      await underWay.catch(() => {});
      throw error;
    }
    if (received === file.size) {
      this.digests.delete(id);
      await this.ends.finish(file, digest);
    }
    return received;
  }

  override async remove(id: string): Promise<void> {
    const file = await this.store.find(id);
    if (!file || file.state !== 'uploading') throw ERRORS.FILE_NOT_FOUND;
    this.digests.delete(id);
    await orUnavailable(this.ends.discard(file));
  }

  private async keep(file: FileRow): Promise<void> {
    const maxBytes = this.settings.FILE_BYTES_PER_PERSON;
    if (await this.store.insert(file, maxBytes)) return;
    await this.blobs.abort('files', file.objectKey, file.uploadRef!);
    throw new AppError('file.quota_exceeded', { details: { maxBytes } });
  }

  private async putPart(file: FileRow, { sealed, offset, size }: SealedPart): Promise<void> {
    const number = Math.floor(offset / partBytes) + 1;
    const { objectKey, uploadRef } = file;
    const tag = await orUnavailable(this.blobs.putPart('files', objectKey, uploadRef!, number, sealed));
    // After a fault somebody may still be reading it.
    this.memory.giveBack(sealed);
    const added = await this.store.addPart({ fileId: file.id, number, size, tag }, offset);
    if (!added) throw ERRORS.INVALID_OFFSET;
  }

  /** The digest goes on where it is known; otherwise the file is read once more at its end. */
  private digestUpTo(fileId: string, offset: number): Digest | undefined {
    if (offset === 0) return Digest.begin();
    const known = this.digests.get(fileId);
    return known?.at === offset ? known.copy() : undefined;
  }
}

/** The bytes of this request, up to where somebody else wants to go on. The connection stays, for the answer. */
async function* incoming(): AsyncGenerator<Buffer> {
  const { bytes, signal } = uploading.getStore() ?? {};
  if (!bytes || signal?.aborted) return;
  const end = () => bytes.destroy();
  signal?.addEventListener('abort', end, { once: true });
  try {
    yield* bytes.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } finally {
    signal?.removeEventListener('abort', end);
  }
}

const newFile = {
  mediaType: null,
  width: null,
  height: null,
  sha256: null,
  state: 'uploading',
  received: 0,
  scan: 'pending',
  scanDue: null,
  scanAttempts: 0,
  scannedWith: null,
  finding: null,
} as const;
