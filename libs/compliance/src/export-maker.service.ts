import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import { People } from '#directory';
import { Approvals } from '#governance';
import { ArchiveScope } from '#messaging';
import { logger } from '#platform';
import { ConversationWriter, type Written } from './conversation-writer.service.js';
import type { ExportConversationRow, ExportRow } from './export.entity.js';
import { attemptsMost, conversationsMost, ExportFault, exportOperation } from './export.js';
import { ExportWriter } from './export-writer.js';
import { ExportsStore } from './exports.store.js';
import { manifestOf } from './manifest.js';
import { NameBook } from './name-book.js';
import { RecordFiles } from './record-files.service.js';

const log = logger('compliance');

/** Makes the files of an approved export. Every attempt begins anew and makes the same lines. */
@Injectable()
export class ExportMaker {
  constructor(
    private readonly store: ExportsStore,
    private readonly records: RecordFiles,
    private readonly scope: ArchiveScope,
    private readonly conversations: ConversationWriter,
    private readonly people: People,
    private readonly approvals: Approvals,
    private readonly trail: AuditTrail,
  ) {}

  /** Does nothing for an export that is finished, or that another process makes. Throws what may pass by itself. */
  async make(exportId: string, signal: AbortSignal): Promise<void> {
    await this.store.exclusively(exportId, async () => {
      const row = await this.store.begin(exportId);
      if (!row) return;
      try {
        if (row.attempts > attemptsMost) {
          throw new ExportFault(`The process ended during each of ${attemptsMost} attempts.`);
        }
        await this.makeFiles(row, signal);
      } catch (error) {
        await this.endAttempt(row, error, signal);
      }
    });
  }

  private async makeFiles(row: ExportRow, signal: AbortSignal): Promise<void> {
    await this.records.discard(row.id);
    const names = new NameBook(this.people, row.logPos ?? (await this.plan(row)));
    const writer = new ExportWriter(this.records, row.id);
    const written = await this.conversations.writeAll(row, names, writer, signal);
    await writer.close();
    const people = await this.people.summaries('system', row.personIds);
    const manifest = manifestOf({
      export: row,
      installation: await this.store.installation(),
      people: people.map(({ id, displayName, username }) => ({ id, displayName, username })),
      conversations: written.conversations,
      files: writer.files,
      counts: written.counts,
      madeAt: new Date(),
    });
    await writer.manifest(manifest);
    await this.finish(row, written, writer);
  }

  /** Fixes what is exported: the log as it stands now, and the conversations in it. @returns the position */
  private async plan(row: ExportRow): Promise<number> {
    const logPos = await this.scope.headPosition();
    const { personIds, from, to } = row;
    const names = new NameBook(this.people, logPos);
    const planned: ExportConversationRow[] = [];
    for await (const { id, kind, name, peerIds, ranges } of this.scope.conversations({
      personIds,
      from,
      to,
      pos: logPos,
    })) {
      if (planned.length === conversationsMost) {
        throw new ExportFault(
          `More than ${conversationsMost} conversations are covered; ask for fewer people or a shorter time.`,
        );
      }
      const nameOf = await names.open(peerIds);
      const peers = peerIds.map((peerId) => nameOf(peerId, logPos)?.displayName ?? peerId);
      const shownName = name ?? peers.join(', ');
      planned.push({ exportId: row.id, conversationId: id, kind, name: shownName, peerIds, ranges });
    }
    await this.store.plan(row.id, logPos, planned);
    row.logPos = logPos;
    return logPos;
  }

  private async finish(
    row: ExportRow,
    { conversations, counts }: Written,
    { files }: ExportWriter,
  ): Promise<void> {
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    await this.store.transaction(async (tx) => {
      await this.store.finish(tx, row.id, {
        conversationCount: conversations.length,
        eventCount: counts.events,
      });
      await this.approvals.use(tx, row.approvalId, exportOperation.operation);
      await this.trail.record(tx, {
        action: 'export.made',
        object: { kind: 'export', id: row.id },
        details: { ...counts, conversations: conversations.length, files: files.length, bytes },
      });
    });
    log.info({ exportId: row.id, ...counts, files: files.length, bytes }, 'made an export');
  }

  private async endAttempt(row: ExportRow, error: unknown, signal: AbortSignal): Promise<void> {
    if (signal.aborted) {
      await this.store.putBack(row.id);
      throw error;
    }
    if (!(error instanceof ExportFault) && row.attempts < attemptsMost) {
      log.warn(
        { err: error, exportId: row.id, attempt: row.attempts },
        'an export was not made; it is tried again',
      );
      throw error;
    }
    log.error({ err: error, exportId: row.id }, 'an export has failed');
    const reason = error instanceof Error ? error.message : String(error);
    const failure = error instanceof ExportFault ? reason : `After ${row.attempts} attempts: ${reason}`;
    await this.store.transaction(async (tx) => {
      await this.store.fail(tx, row.id, failure);
      const object = { kind: 'export', id: row.id };
      await this.trail.record(tx, { action: 'export.made', outcome: 'failed', object, details: { failure } });
    });
  }
}
