import { Injectable } from '@nestjs/common';
import { Database, readEpoch, withLock, type Transaction } from '#persistence';
import { ExportConversationRow, ExportFileRow, ExportRow } from './export.entity.js';

export interface ExportsPage {
  /** Only exports asked before this one. */
  before?: { askedAt: Date; id: string };
  limit: number;
}

@Injectable()
export class ExportsStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** Epoch of the installation's logs. */
  installation(): Promise<string> {
    return readEpoch(this.database);
  }

  /** One process at a time makes an export. */
  exclusively(exportId: string, work: () => Promise<void>): Promise<'ran' | 'held by another'> {
    return withLock(this.database, `chancery export ${exportId}`, work);
  }

  /** Lets requests of one administrator take turns, so that a repeat finds the first. */
  async lockAsker(tx: Transaction, askerId: string): Promise<void> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `chancery export by ${askerId}`,
    ]);
  }

  findAsked(tx: Transaction, askedBy: string, clientId: string): Promise<ExportRow | null> {
    return tx.repository(ExportRow).findOneBy({ askedBy, clientId });
  }

  insert(tx: Transaction, row: ExportRow): Promise<void> {
    return tx.insert(ExportRow, row);
  }

  find(id: string): Promise<ExportRow | null> {
    return this.database.repository(ExportRow).findOneBy({ id });
  }

  /** @returns the id of the export that waited for this decision */
  async decide(
    tx: Transaction,
    approvalId: string,
    decision: Pick<ExportRow, 'state' | 'decidedBy' | 'decidedByName' | 'decidedAt'>,
  ): Promise<string> {
    const row = await tx.repository(ExportRow).findOneByOrFail({ approvalId, state: 'asked' });
    await tx.repository(ExportRow).update({ id: row.id }, decision);
    return row.id;
  }

  /** Latest first. */
  list({ before, limit }: ExportsPage): Promise<ExportRow[]> {
    const query = this.database
      .repository(ExportRow)
      .createQueryBuilder('export')
      .orderBy('export.askedAt', 'DESC')
      .addOrderBy('export.id', 'DESC')
      .limit(limit);
    if (before) query.where('(export.askedAt, export.id) < (:askedAt, :id)', before);
    return query.getMany();
  }

  files(exportIds: string[]): Promise<ExportFileRow[]> {
    if (exportIds.length === 0) return Promise.resolve([]);
    return this.database
      .repository(ExportFileRow)
      .createQueryBuilder('file')
      .where('file.exportId = any(:exportIds)', { exportIds })
      .orderBy('file.exportId')
      .addOrderBy('file.number')
      .getMany();
  }

  findFile(exportId: string, name: string): Promise<ExportFileRow | null> {
    return this.database.repository(ExportFileRow).findOneBy({ exportId, name });
  }

  /** Exports that are approved and not finished, oldest first. */
  async toMake(limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `select id from compliance.export where state in ('queued', 'running') order by asked_at limit $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Counts an attempt; undefined when there is nothing to make. */
  async begin(id: string): Promise<ExportRow | undefined> {
    const [begun] = await this.database.query<{ id: string }>(
      `update compliance.export set state = 'running', attempts = attempts + 1, conversation_count = 0, event_count = 0
        where id = $1 and state in ('queued', 'running') returning id`,
      [id],
    );
    return begun && ((await this.find(id)) ?? undefined);
  }

  /** An attempt that ended through no fault, such as the end of the process, does not count. */
  async putBack(id: string): Promise<void> {
    await this.database.query(
      `update compliance.export set state = 'queued', attempts = greatest(attempts - 1, 0) where id = $1 and state = 'running'`,
      [id],
    );
  }

  /** Fixes what the export covers: its conversations and its position of the log, together. */
  async plan(id: string, logPos: number, conversations: ExportConversationRow[]): Promise<void> {
    const atOnce = 500;
    await this.database.transaction(async (tx) => {
      await tx.repository(ExportConversationRow).delete({ exportId: id });
      for (let at = 0; at < conversations.length; at += atOnce)
        await tx.insert(ExportConversationRow, conversations.slice(at, at + atOnce));
      await tx.repository(ExportRow).update({ id }, { logPos });
    });
  }

  planned(exportId: string, after: string, limit: number): Promise<ExportConversationRow[]> {
    return this.database
      .repository(ExportConversationRow)
      .createQueryBuilder('conversation')
      .where('conversation.exportId = :exportId and conversation.conversationId > :after', {
        exportId,
        after,
      })
      .orderBy('conversation.conversationId')
      .limit(limit)
      .getMany();
  }

  async progress(id: string, made: Pick<ExportRow, 'conversationCount' | 'eventCount'>): Promise<void> {
    await this.database.repository(ExportRow).update({ id, state: 'running' }, made);
  }

  async addFile(file: ExportFileRow): Promise<void> {
    await this.database.repository(ExportFileRow).insert(file);
  }

  async finishFile(exportId: string, name: string, bytes: { size: number; sha256: Buffer }): Promise<void> {
    await this.database.repository(ExportFileRow).update({ exportId, name }, { ...bytes, uploadRef: null });
  }

  async removeFile({ exportId, name }: ExportFileRow): Promise<void> {
    await this.database.repository(ExportFileRow).delete({ exportId, name });
  }

  async finish(
    tx: Transaction,
    id: string,
    made: Pick<ExportRow, 'conversationCount' | 'eventCount'>,
  ): Promise<void> {
    await tx.repository(ExportRow).update({ id }, { ...made, state: 'done', finishedAt: new Date() });
  }

  async fail(tx: Transaction, id: string, failure: string): Promise<void> {
    await tx.repository(ExportRow).update({ id }, { state: 'failed', failure, finishedAt: new Date() });
  }
}
