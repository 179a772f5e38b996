import { Injectable } from '@nestjs/common';
import { AppError } from '#platform';
import type { FileRow } from '../file.entity.js';
import { SealedFiles } from '../sealed-files.js';
import type { PreviewRow } from './preview.entity.js';
import type { PreviewForm } from './preview.js';
import { PreviewsStore } from './previews.store.js';

/** Previews of files that the caller was found to have. */
@Injectable()
export class Previews {
  constructor(
    private readonly store: PreviewsStore,
    private readonly sealed: SealedFiles,
  ) {}

  /** Throws `file.no_preview`, or `file.not_ready` where it is still to be made. */
  async require(file: FileRow, form: PreviewForm): Promise<PreviewRow> {
    const preview = await this.store.find(file.id, form);
    if (preview) return preview;
    throw new AppError((await this.store.isExpected(file.id)) ? 'file.not_ready' : 'file.no_preview');
  }

  read(file: FileRow, preview: PreviewRow): Promise<Buffer> {
    return this.sealed.readDerived(file, preview);
  }
}
