import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import { BlobStore, PartsLost } from '#blobs';
import { AppError, logger, release, SETTINGS, type Settings } from '#platform';
import { isRefused, type ContentKind } from './content-kind.js';
import { Digest } from './digest.js';
import type { FileRow } from './file.entity.js';
import { FilesStore } from './files.store.js';
import { mayHavePreview } from './previews/preview.js';
import { PreviewsStore } from './previews/previews.store.js';
import { ScanRules } from './scan/scan-rules.js';
import { SealedFiles } from './sealed-files.js';
import { orUnavailable } from './store-trouble.js';
import { uploading } from './uploading.js';

const log = logger('files');

/** What becomes of an upload once all its bytes are stored. */
@Injectable()
export class UploadEnds {
  constructor(
    private readonly store: FilesStore,
    private readonly blobs: BlobStore,
    private readonly sealed: SealedFiles,
    private readonly trail: AuditTrail,
    private readonly rules: ScanRules,
    private readonly previews: PreviewsStore,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Makes the file ready. Repeats harmlessly, also after a process died in the middle.
   * @param known of the whole, where one process saw every byte; else the file is read once more for its digest
   */
  async finish(file: FileRow, known?: Digest): Promise<void> {
    await orUnavailable(this.putTogether(file).catch((error: unknown) => this.restart(file, error)));
    const digest = known?.at === file.size ? known : await this.readBack(file);
    const kind = await digest.kind();
    await this.requireAccepted(file, kind);
    const sha256 = digest.sha256();
    const by = uploading.getStore()?.by;
    await this.store.finish({ id: file.id, sha256, ...kind }, async (tx) => {
      await this.trail.record(tx, {
        action: 'file.uploaded',
        ...(by && { by }),
        object: { kind: 'file', id: file.id },
        details: { bytes: file.size, mediaType: kind.mediaType, sha256: sha256.toString('hex') },
      });
      if (!mayHavePreview(kind.mediaType)) return;
      const isHeld = this.rules.obstacleOf({ scan: 'pending' }) !== undefined;
      await this.previews.want(tx, file.id, isHeld ? null : new Date());
    });
    log.info({ fileId: file.id, bytes: file.size }, 'uploaded');
  }

  /** Throws `file.type_refused`, and then nothing is left of the upload. */
  async requireAccepted(file: FileRow, { mediaType }: ContentKind): Promise<void> {
    if (!isRefused(mediaType!, this.settings.FILE_TYPES_REFUSED)) return;
    await this.discard(file);
    throw new AppError('file.type_refused', { details: { mediaType } });
  }

  async discard(file: FileRow): Promise<void> {
    if (file.uploadRef) await this.blobs.abort('files', file.objectKey, file.uploadRef);
    await this.blobs.remove('files', file.objectKey);
    await this.store.remove(file.id);
  }

  private async putTogether(file: FileRow): Promise<void> {
    if (file.size === 0) {
      await this.blobs.abort('files', file.objectKey, file.uploadRef!);
      await this.blobs.put('files', file.objectKey, Buffer.alloc(0));
    } else {
      const parts = await this.store.parts(file.id);
      await this.blobs.complete('files', file.objectKey, file.uploadRef!, parts);
    }
  }

  /** What the store has lost comes once more from whoever uploads, who asks how far the upload is. */
  private async restart(file: FileRow, error: unknown): Promise<never> {
    if (error instanceof PartsLost) {
      log.warn({ err: error, fileId: file.id }, 'the object store has lost parts; the upload begins anew');
      const uploadRef = await this.blobs.begin('files', file.objectKey);
      const isBegun = await this.store.restart(file, uploadRef);
      await this.blobs.abort('files', file.objectKey, isBegun ? file.uploadRef! : uploadRef);
    }
    throw error;
  }

  private async readBack(file: FileRow): Promise<Digest> {
    const digest = Digest.begin();
    for await (const chunk of await this.sealed.read(file, { first: 0, last: file.size - 1 })) {
      digest.update(chunk);
      release(chunk);
    }
    return digest;
  }
}
