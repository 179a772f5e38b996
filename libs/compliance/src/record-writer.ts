import { createHash } from 'node:crypto';
import { chunkBytes, sealBytes, type BlobPart, type BlobStore } from '#blobs';
import type { ExportFileRow } from './export.entity.js';
import type { ExportsStore } from './exports.store.js';

/** Plain bytes of a part: whole chunks, and more than S3's least part of 5 MiB. Memory holds one part. */
const partBytes = 128 * chunkBytes;

/** Writes one file of an export: hashed, sealed and stored part by part; it is there only once finished. */
export class RecordWriter {
  private readonly hash = createHash('sha256');
  private readonly parts: BlobPart[] = [];
  private held: Buffer[] = [];
  private heldBytes = 0;
  private stored = 0;

  constructor(
    private readonly blobs: BlobStore,
    private readonly store: ExportsStore,
    private readonly key: Buffer,
    private readonly file: ExportFileRow,
  ) {}

  get size(): number {
    return this.stored + this.heldBytes;
  }

  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    this.hash.update(bytes);
    this.held.push(bytes);
    this.heldBytes += bytes.length;
    if (this.heldBytes < partBytes) return;
    let all = Buffer.concat(this.held);
    for (; all.length >= partBytes; all = all.subarray(partBytes))
      await this.putPart(all.subarray(0, partBytes));
    this.held = [all];
    this.heldBytes = all.length;
  }

  async finish(): Promise<{ name: string; size: number; sha256: string }> {
    const { exportId, name, objectKey, uploadRef } = this.file;
    if (this.heldBytes > 0) await this.putPart(Buffer.concat(this.held));
    this.held = [];
    this.heldBytes = 0;
    await this.blobs.complete('records', objectKey, uploadRef!, this.parts);
    const sha256 = this.hash.digest();
    await this.store.finishFile(exportId, name, { size: this.stored, sha256 });
    return { name, size: this.stored, sha256: sha256.toString('hex') };
  }

  private async putPart(plain: Buffer): Promise<void> {
    const { objectKey, uploadRef } = this.file;
    const number = this.parts.length + 1;
    const sealed = sealBytes(this.key, this.stored, plain);
    const tag = await this.blobs.putPart('records', objectKey, uploadRef!, number, sealed);
    this.parts.push({ number, tag, size: sealed.length });
    this.stored += plain.length;
  }
}
