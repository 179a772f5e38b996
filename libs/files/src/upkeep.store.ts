import { IsNull, MoreThan, In } from 'typeorm';
import { Database, type Transaction } from '#persistence';
import { FileRow } from './file.entity.js';
import { PreviewRow } from './previews/preview.entity.js';
import type { Garbage } from './upkeep.js';

export class UpkeepStore {
  constructor(private readonly database: Database) {}

  /** Ready files by their ids. */
  ready(after: string | undefined, limit: number): Promise<FileRow[]> {
    return this.database.repository(FileRow).find({
      where: { state: 'ready', uploadRef: IsNull(), ...(after !== undefined && { id: MoreThan(after) }) },
      order: { id: 'ASC' },
      take: limit,
    });
  }

  /** Keys of ours begin with the file they belong to; its previews have keys too. */
  async knownKeys(keys: readonly string[]): Promise<Set<string>> {
    const ids = keys.flatMap((key) => /^file-([0-9a-f-]{36})(?:-|$)/.exec(key)?.[1] ?? []);
    const files = await this.database.repository(FileRow).findBy({ id: In(ids) });
    const previews = await this.database.repository(PreviewRow).findBy({ fileId: In(ids) });
    return new Set([...files, ...previews].map(({ objectKey }) => objectKey));
  }

  /** What is in quarantine stays, for whoever looks into it. */
  unreferenced(before: Date, last: Garbage | undefined, limit: number): Promise<Garbage[]> {
    return this.database.query<Garbage>(
      `select id as "fileId", size, created_at as "createdAt"
         from files.file
        where state = 'ready' and scan <> 'infected' and created_at < $1
          and ($2::uuid is null or (created_at, id) > ($3::timestamptz, $2))
          and not exists (select from files.reference where file_id = file.id)
        order by created_at, id limit $4`,
      [before, last?.fileId ?? null, last?.createdAt ?? null, limit],
    );
  }

  /**
   * @param note is written in the same transaction
   * @returns keys of the objects that nobody needs any more; undefined where a message refers to it
   */
  removeUnreferenced(
    fileId: string,
    note: (tx: Transaction) => Promise<void>,
  ): Promise<string[] | undefined> {
    return this.database.transaction(async (tx) => {
      // Whoever refers to it meanwhile holds this row, and is seen by the next statement.
      await tx.query(`select from files.file where id = $1 for update`, [fileId]);
      const gone = await tx.query<{ key: string }>(
        `delete from files.file where id = $1
            and not exists (select from files.reference where file_id = $1) returning object_key as key`,
        [fileId],
      );
      if (gone.length === 0) return undefined;
      await tx.query(`delete from files.preview_work where file_id = $1`, [fileId]);
      const previews = await tx.query<{ key: string }>(
        `delete from files.preview where file_id = $1 returning object_key as key`,
        [fileId],
      );
      await note(tx);
      return [...gone, ...previews].map(({ key }) => key);
    });
  }
}
