import { createHash, randomBytes, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DataStore, ERRORS, Upload } from '@tus/server';
import { fileTypeFromBuffer } from 'file-type';
import { imageSize } from 'image-size';
import { BlobStore, sealBytes } from '#blobs';
import { Keys } from '#keys';
import { logger } from '#platform';
import type { FileRow } from './file.entity.js';
import { cleanName, partBytes } from './file.js';
import { FilesStore } from './files.store.js';
import { SealedFiles } from './sealed-files.js';

const log = logger('files');

/** The store behind tus: bytes go sealed to the object store in parts; what is acknowledged is stored. */
@Injectable()
export class Uploads extends DataStore {
  override extensions = ['creation', 'termination'];

  constructor(
    private readonly store: FilesStore,
    private readonly blobs: BlobStore,
    private readonly keys: Keys,
    private readonly sealed: SealedFiles,
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
      id: upload.id,
      ownerId,
      name: cleanName(upload.metadata?.['filename'] ?? ''),
      size: upload.size,
      mediaType: null,
      width: null,
      height: null,
      sha256: null,
      state: 'uploading',
      received: 0,
      objectKey,
      uploadRef: await this.blobs.begin('files', objectKey),
      keyBucket,
      sealedKey: this.sealed.sealKey(upload.id, ownerId, keyBucket, randomBytes(32)),
      createdAt: new Date(),
    };
    await this.store.insert(file);
    if (file.size === 0) await this.finish(file, Buffer.alloc(0), createHash('sha256'));
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const file = await this.store.find(id);
    if (!file) throw ERRORS.FILE_NOT_FOUND;
    const offset = file.state === 'ready' ? file.size : file.received;
    return new Upload({ id, size: file.size, offset, metadata: { filename: file.name } });
  }

  /** @returns how far the upload is stored; a cut connection costs at most the part that was under way */
  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    const file = await this.store.find(id);
    if (!file || file.state !== 'uploading') throw ERRORS.FILE_NOT_FOUND;
    if (file.received !== offset) throw ERRORS.INVALID_OFFSET;
    const key = this.sealed.openKey(file);
    const hash = offset === 0 ? createHash('sha256') : undefined;
    let head: Buffer | undefined;
    let { received } = file;
    for await (const part of partsOf(stream, file.size - offset)) {
      head ??= offset === 0 ? part : undefined;
      hash?.update(part);
      const number = Math.floor(received / partBytes) + 1;
      const sealed = sealBytes(key, received, part);
      const tag = await this.blobs.putPart('files', file.objectKey, file.uploadRef!, number, sealed);
      const added = await this.store.addPart({ fileId: id, number, size: part.length, tag }, received);
      if (!added) throw ERRORS.INVALID_OFFSET;
      received += part.length;
    }
    if (received === file.size) await this.finish(file, head, hash);
    return received;
  }

  override async remove(id: string): Promise<void> {
    const file = await this.store.find(id);
    if (!file || file.state !== 'uploading') throw ERRORS.FILE_NOT_FOUND;
    if (file.uploadRef) await this.blobs.abort('files', file.objectKey, file.uploadRef);
    await this.store.remove(id);
  }

  /** @param head the first part and @param hash of the whole, where one request brought everything */
  private async finish(file: FileRow, head: Buffer | undefined, hash: Hash | undefined): Promise<void> {
    if (file.size === 0) {
      await this.blobs.abort('files', file.objectKey, file.uploadRef!);
      await this.blobs.put('files', file.objectKey, Buffer.alloc(0));
    } else {
      const parts = await this.store.parts(file.id);
      await this.blobs.complete('files', file.objectKey, file.uploadRef!, parts);
    }
    const whole = head && hash ? { head, sha256: hash.digest() } : await this.readBack(file);
    await this.store.finish({ id: file.id, sha256: whole.sha256, ...(await describe(whole.head)) });
    log.info({ fileId: file.id, bytes: file.size }, 'uploaded');
  }

  /** An upload in several requests, perhaps to several processes, is read once more for its digest. */
  private async readBack(file: FileRow): Promise<{ head: Buffer; sha256: Buffer }> {
    const hash = createHash('sha256');
    const head: Buffer[] = [];
    let kept = 0;
    for await (const chunk of await this.sealed.read(file, { first: 0, last: file.size - 1 })) {
      hash.update(chunk as Buffer);
      if (kept < partBytes) head.push(chunk as Buffer);
      kept += (chunk as Buffer).length;
    }
    return { head: Buffer.concat(head), sha256: hash.digest() };
  }
}

/** Cuts a stream into parts. What does not fill a part at the end of a request is kept only where the file ends. */
async function* partsOf(stream: Readable, expected: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  let total = 0;
  try {
    for await (const chunk of stream) {
      held.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      total += (chunk as Buffer).length;
      while (size >= partBytes) {
        const all = Buffer.concat(held);
        yield all.subarray(0, partBytes);
        held = [all.subarray(partBytes)];
        size -= partBytes;
      }
    }
  } catch (error) {
    // The connection broke. What was stored before stays; the client asks where to go on.
    log.debug({ err: error }, 'an upload was interrupted');
    return;
  }
  if (size > 0 && total === expected) yield Buffer.concat(held);
}

/** Type and size of an image, told by the content and never by the name. */
async function describe(head: Buffer): Promise<Pick<FileRow, 'mediaType' | 'width' | 'height'>> {
  const mediaType =
    (await fileTypeFromBuffer(head))?.mime ?? (isText(head) ? 'text/plain' : 'application/octet-stream');
  if (!mediaType.startsWith('image/')) return { mediaType, width: null, height: null };
  try {
    const { width, height, orientation } = imageSize(head);
    // EXIF orientations from 5 on lie on their side (CIPA DC-008 §4.6.4).
    return orientation && orientation >= 5
      ? { mediaType, width: height, height: width }
      : { mediaType, width, height };
  } catch {
    return { mediaType, width: null, height: null };
  }
}

function isText(head: Buffer): boolean {
  if (head.length === 0 || head.includes(0)) return false;
  try {
    // The last character may be cut in two by the end of the part.
    new TextDecoder('utf-8', { fatal: true }).decode(head.subarray(0, 4096), { stream: true });
    return true;
  } catch {
    return false;
  }
}
