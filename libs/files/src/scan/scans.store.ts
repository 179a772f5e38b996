import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#persistence';
import { FileRow, QuarantineRow } from '../file.entity.js';

/** A file that is being scanned is left to its scanner for so long. */
const leaseMinutes = 30;

export interface Quarantined {
  fileId: string;
  ownerId: string;
  foundAt: Date;
  finding: string;
  size: number;
  mediaType: string | null;
  conversations: number;
}

@Injectable()
export class ScansStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** Takes the file that has waited longest, new ones before those to be looked at again; nobody else gets it. */
  async claim(): Promise<FileRow | undefined> {
    for (const which of [`scan = 'pending'`, `scan <> 'pending'`]) {
      const [taken] = await this.database.query<{ id: string }>(
        `update files.file set scan_due = now() + make_interval(mins => $1) where id = (
           select id from files.file where ${which} and scan_due <= now()
            order by scan_due limit 1 for update skip locked) returning id`,
        [leaseMinutes],
      );
      if (taken) return (await this.database.repository(FileRow).findOneBy({ id: taken.id })) ?? undefined;
    }
    return undefined;
  }

  async settle(
    tx: Transaction,
    id: string,
    values: Partial<Pick<FileRow, 'scan' | 'scanDue' | 'scanAttempts' | 'scannedWith' | 'finding'>>,
  ): Promise<void> {
    await tx.repository(FileRow).update({ id }, values);
  }

  /** The scanner did not come to an end: the file waits as before, and is looked at again soon. */
  async giveBack(id: string, again: Date): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.repository(FileRow).update({ id }, { scanDue: again });
    });
  }

  /** Files whose verdict was given with other signatures are due again. @returns how many of them */
  async dueAgain(version: string, limit: number): Promise<number> {
    const rows = await this.database.query(
      `update files.file set scan_due = now() where id in (
         select id from files.file where scan_due is null and scan <> 'infected' and state = 'ready'
            and (scanned_with < $1 or scanned_with > $1) limit $2) returning id`,
      [version, limit],
    );
    return rows.length;
  }

  async quarantine(tx: Transaction, row: Omit<QuarantineRow, 'told'>): Promise<void> {
    await tx.query(
      `insert into files.quarantine (file_id, found_at, finding) values ($1, $2, $3) on conflict do nothing`,
      [row.fileId, row.foundAt, row.finding],
    );
  }

  /** Latest first. @param before sort values of the last row before */
  listQuarantined(
    before: [foundAt: string, fileId: string] | undefined,
    limit: number,
  ): Promise<Quarantined[]> {
    return this.database.query<Quarantined>(
      `select q.file_id as "fileId", q.found_at as "foundAt", q.finding, f.owner_id as "ownerId", f.size,
              f.media_type as "mediaType",
              (select count(distinct r.conversation_id) from files.reference r where r.file_id = q.file_id) as conversations
         from files.quarantine q join files.file f on f.id = q.file_id
        where $1::timestamptz is null or (q.found_at, q.file_id) < ($1::timestamptz, $2::uuid)
        order by q.found_at desc, q.file_id desc limit $3`,
      [before?.[0] ?? null, before?.[1] ?? null, limit],
    );
  }

  /** @returns false where it was marked before */
  async markTold(tx: Transaction, fileId: string): Promise<boolean> {
    const rows = await tx.query(
      `update files.quarantine set told = true where file_id = $1 and not told returning file_id`,
      [fileId],
    );
    return rows.length > 0;
  }

  /** Where a file was sent, with the messages, by conversation. */
  sentTo(tx: Transaction, fileId: string): Promise<{ conversationId: string; messageIds: string[] }[]> {
    return tx.query(
      `select conversation_id as "conversationId", array_agg(message_id order by seq) as "messageIds"
         from files.reference where file_id = $1 group by conversation_id order by conversation_id limit 1000`,
      [fileId],
    );
  }
}
