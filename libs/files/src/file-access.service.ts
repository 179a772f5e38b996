import { Injectable } from '@nestjs/common';
import type { OpenedBytes } from '#blobs';
import { AppError } from '#platform';
import type { FileRow } from './file.entity.js';
import type { ByteRange } from './file.js';
import { FilesStore } from './files.store.js';
import { FileReaders } from './readers.js';
import { ScanRules } from './scan/scan-rules.js';
import { SealedFiles } from './sealed-files.js';

/** Who may have which file. There is no other way to a file than through here. */
@Injectable()
export class FileAccess {
  constructor(
    private readonly store: FilesStore,
    private readonly readers: FileReaders,
    private readonly sealed: SealedFiles,
    private readonly rules: ScanRules,
  ) {}

  /** The file, for somebody who may have it now. Throws `file.not_found` also where it exists but is not theirs. */
  async require(personId: string, fileId: string): Promise<FileRow> {
    const file = await this.store.find(fileId);
    if (!file) throw new AppError('file.not_found');
    if (file.ownerId === personId) return file;
    const places = await this.store.places(fileId);
    if (places.length === 0 || !(await this.readers.mayRead(personId, places)))
      throw new AppError('file.not_found');
    return file;
  }

  /** As `require`, for a file whose content is given out. Throws `file.not_ready`, `file.held`, `file.infected` too. */
  async requireReady(personId: string, fileId: string): Promise<FileRow> {
    const file = await this.require(personId, fileId);
    if (file.state !== 'ready') throw new AppError('file.not_ready');
    this.rules.requireServed(file);
    return file;
  }

  async requireOwnUpload(personId: string, fileId: string): Promise<void> {
    const file = await this.store.find(fileId);
    if (file?.ownerId !== personId) throw new AppError('file.not_found');
  }

  read(file: FileRow, range: ByteRange): Promise<OpenedBytes> {
    return this.sealed.read(file, range);
  }
}
