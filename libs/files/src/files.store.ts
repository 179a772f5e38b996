import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { BlobPart } from '#blobs';
import { Database, type Transaction } from '#persistence';
import { FileRow, ReferenceRow, UploadPartRow } from './file.entity.js';
import type { SentPlace } from './readers.js';

/** Conversations looked at when asking whether somebody may have a file. */
const placesAsked = 1000;

@Injectable()
export class FilesStore {
  constructor(private readonly database: Database) {}

  insert(file: FileRow): Promise<void> {
    return this.database.transaction((tx) => tx.insert(FileRow, file));
  }

  find(id: string): Promise<FileRow | null> {
    return this.database.repository(FileRow).findOneBy({ id });
  }

  findMany(ids: string[]): Promise<FileRow[]> {
    return this.database.repository(FileRow).findBy({ id: In(ids) });
  }

  /** Notes a stored part. @returns false when another request was faster: then this part counts for nothing */
  async addPart(part: UploadPartRow, before: number): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const moved = await tx.query(
        `update files.file set received = received + $2
          where id = $1 and received = $3 and state = 'uploading' returning id`,
        [part.fileId, part.size, before],
      );
      if (moved.length === 0) return false;
      await tx.insert(UploadPartRow, part);
      return true;
    });
  }

  async parts(fileId: string): Promise<BlobPart[]> {
    const rows = await this.database
      .repository(UploadPartRow)
      .find({ where: { fileId }, order: { number: 'ASC' } });
    return rows.map(({ number, tag }) => ({ number, tag }));
  }

  async finish(file: Pick<FileRow, 'id' | 'mediaType' | 'width' | 'height' | 'sha256'>): Promise<void> {
    const { id, ...values } = file;
    await this.database.transaction(async (tx) => {
      await tx.repository(FileRow).update({ id }, { ...values, state: 'ready', uploadRef: null });
      await tx.repository(UploadPartRow).delete({ fileId: id });
    });
  }

  async remove(id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.repository(UploadPartRow).delete({ fileId: id });
      await tx.repository(FileRow).delete({ id, state: 'uploading' });
    });
  }

  /** Uploads begun before a time and not finished, oldest first. */
  abandoned(before: Date, limit: number): Promise<FileRow[]> {
    return this.database
      .repository(FileRow)
      .createQueryBuilder('file')
      .where(`file.state = 'uploading' and file.createdAt < :before`, { before })
      .orderBy('file.createdAt')
      .limit(limit)
      .getMany();
  }

  refer(tx: Transaction, references: ReferenceRow[]): Promise<void> {
    return tx.insert(ReferenceRow, references);
  }

  /** Where a file was sent, latest first. */
  places(fileId: string): Promise<SentPlace[]> {
    return this.database.query<SentPlace>(
      `select conversation_id as "conversationId", max(seq) as seq from files.reference
        where file_id = $1 group by conversation_id limit $2`,
      [fileId, placesAsked],
    );
  }
}
