import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { sealedSize, type BlobPart } from '#blobs';
import { Database, type Transaction } from '#persistence';
import { AppError } from '#platform';
import { FileRow, ReferenceRow, UploadPartRow } from './file.entity.js';
import type { SentPlace } from './readers.js';

/** Conversations looked at when asking whether somebody may have a file. */
const placesAsked = 1000;

export type FinishedFile = Pick<FileRow, 'id' | 'mediaType' | 'width' | 'height' | 'sha256'>;

@Injectable()
export class FilesStore {
  constructor(private readonly database: Database) {}

  /** @returns false where the owner's files together would have more bytes than this */
  insert(file: FileRow, mostBytes?: number): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      if (mostBytes !== undefined) {
        // Two uploads of one person that begin at the same time see each other.
        await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`files of ${file.ownerId}`]);
        const [{ taken }] = (await tx.query(
          `select coalesce(sum(size), 0)::bigint as taken from files.file where owner_id = $1`,
          [file.ownerId],
        )) as [{ taken: number }];
        if (taken + file.size > mostBytes) return false;
      }
      await tx.insert(FileRow, file);
      return true;
    });
  }

  /** Bytes of the files sent in each of these conversations. */
  async bytesSent(conversationIds: string[]): Promise<Map<string, number>> {
    const rows = await this.database.query<{ id: string; bytes: number }>(
      `select sent.conversation_id as id, sum(file.size)::bigint as bytes
         from (select distinct conversation_id, file_id from files.reference where conversation_id = any($1)) sent
         join files.file on file.id = sent.file_id
        group by sent.conversation_id`,
      [conversationIds],
    );
    return new Map(rows.map(({ id, bytes }) => [id, bytes]));
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
    return rows.map(({ number, tag, size }) => ({ number, tag, size: sealedSize(size) }));
  }

  /** @param note is written in the same transaction, once */
  async finish({ id, ...values }: FinishedFile, note: (tx: Transaction) => Promise<void>): Promise<void> {
    await this.database.transaction(async (tx) => {
      const done = { ...values, state: 'ready' as const, uploadRef: null, scanDue: new Date() };
      const { affected } = await tx.repository(FileRow).update({ id, state: 'uploading' }, done);
      if (affected === 0) return;
      await tx.repository(UploadPartRow).delete({ fileId: id });
      await note(tx);
    });
  }

  /** The upload begins anew, unless somebody else did that before. */
  async restart(file: FileRow, uploadRef: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const known = { id: file.id, state: 'uploading' as const, uploadRef: file.uploadRef! };
      const { affected } = await tx.repository(FileRow).update(known, { uploadRef, received: 0 });
      if (affected === 0) return false;
      await tx.repository(UploadPartRow).delete({ fileId: file.id });
      return true;
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

  /** Throws `file.not_found` where one of the files was given up since it was looked at. */
  async refer(tx: Transaction, references: ReferenceRow[]): Promise<void> {
    const ids = [...new Set(references.map(({ fileId }) => fileId))];
    // Held until the commit, so that none of them is given up meanwhile.
    const held = await tx.query(`select from files.file where id = any($1) for key share`, [ids]);
    if (held.length < ids.length) throw new AppError('file.not_found');
    await tx.insert(ReferenceRow, references);
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
