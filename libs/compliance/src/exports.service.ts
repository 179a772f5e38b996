import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { AuditTrail } from '#audit';
import { newId, type Export, type ExportRequest, type Page, type PersonSummary } from '#contracts';
import { People } from '#directory';
import { Approvals, type ApprovalRow } from '#governance';
import { ArchiveScope } from '#messaging';
import { decodeCursor, Jobs, toPage, type Transaction } from '#persistence';
import { AppError, type AdministratorPrincipal } from '#platform';
import type { ExportFileRow, ExportRow } from './export.entity.js';
import { conversationsMost, exportOperation, isSameRequest, peopleOf, present, stateOf } from './export.js';
import { exportJob, exportJobOptions } from './export-queue.js';
import { ExportsStore } from './exports.store.js';
import { RecordFiles } from './record-files.service.js';

/** Exports as administrators meet them: asked, decided by somebody else, downloaded. Each step stands in the trail. */
@Injectable()
export class Exports implements OnApplicationBootstrap {
  constructor(
    private readonly store: ExportsStore,
    private readonly files: RecordFiles,
    private readonly people: People,
    private readonly scope: ArchiveScope,
    private readonly approvals: Approvals,
    private readonly jobs: Jobs,
    private readonly trail: AuditTrail,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.define(exportJob, exportJobOptions);
    this.approvals.declare({
      ...exportOperation,
      onDecision: (tx, approval) => this.followDecision(tx, approval),
    });
  }

  /** Throws `person.not_found`, `client_id_reused`. A repeat gets the first outcome. */
  async ask(by: AdministratorPrincipal, request: ExportRequest): Promise<Export> {
    requireTime(request);
    const people = await this.requirePeople(peopleOf(request));
    const subject = await this.describe(people, request);
    return this.store.transaction(async (tx) => {
      await this.store.lockAsker(tx, by.id);
      const known = await this.store.findAsked(tx, by.id, request.clientId);
      if (known && !isSameRequest(known, request)) throw new AppError('client_id_reused');
      if (known) return present(known, []);
      const id = newId();
      const { reason } = request;
      const asked = { operation: exportOperation.operation, subject: { exportId: id, ...subject }, reason };
      const approval = await this.approvals.ask(tx, by, asked);
      const row = newExport(id, by, request, approval);
      await this.store.insert(tx, row);
      const { personIds, from, to } = request;
      await this.trail.record(tx, {
        action: 'export.asked',
        by,
        object: { kind: 'export', id },
        details: { approvalId: approval.id, personIds, from, to, reason },
      });
      return present(row, []);
    });
  }

  async list(cursor: string | undefined, limit: number): Promise<Page<Export>> {
    const [askedAt, id] = decodeCursor(cursor, 2) ?? [];
    const before = askedAt === undefined ? undefined : { askedAt: new Date(askedAt), id: String(id) };
    const rows = await this.store.list({ limit: limit + 1, before });
    const files = await this.store.files(rows.filter(({ state }) => state === 'done').map((row) => row.id));
    const filesOf = Map.groupBy(files, ({ exportId }) => exportId);
    const cursorOf = (row: ExportRow) => [row.askedAt.toISOString(), row.id];
    return toPage(rows, limit, cursorOf, (row) => present(row, filesOf.get(row.id) ?? []));
  }

  /** Throws `export.not_found`. */
  async one(id: string): Promise<Export> {
    const row = await this.store.find(id);
    if (!row) throw new AppError('export.not_found');
    return present(row, await this.store.files([id]));
  }

  /** Throws `export.not_found`, `export.not_ready`. The download is in the trail before its first byte leaves. */
  async download(
    by: AdministratorPrincipal,
    id: string,
    name: string,
  ): Promise<{ file: ExportFileRow; content: Readable }> {
    const row = await this.store.find(id);
    if (!row) throw new AppError('export.not_found');
    if (row.state !== 'done') {
      throw new AppError('export.not_ready', { details: { state: stateOf(row, new Date()) } });
    }
    const file = await this.store.findFile(id, name);
    if (!file) throw new AppError('export.not_found');
    const content = await this.files.read(file);
    await this.trail.recordAlone({
      action: 'export.downloaded',
      by,
      object: { kind: 'export', id },
      details: { file: name, bytes: file.size, sha256: file.sha256?.toString('hex') },
    });
    return { file, content };
  }

  /** In the transaction of the decision: what is approved is queued with it or not approved at all. */
  private async followDecision(tx: Transaction, approval: ApprovalRow): Promise<void> {
    const { decidedBy, decidedByName, decidedAt } = approval;
    const isApproved = approval.state === 'approved';
    const state = isApproved ? 'queued' : 'refused';
    const exportId = await this.store.decide(tx, approval.id, { state, decidedBy, decidedByName, decidedAt });
    if (isApproved) await this.jobs.ask(exportJob, exportId, { exportId }, tx);
  }

  private async requirePeople(ids: string[]): Promise<PersonSummary[]> {
    const people = await this.people.summaries('system', ids);
    const found = new Set(people.map(({ id }) => id));
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length > 0) throw new AppError('person.not_found', { details: { personIds: missing } });
    return people;
  }

  /** What the approver is shown: names and numbers, nothing that anybody wrote. */
  private async describe(people: PersonSummary[], { from, to }: ExportRequest) {
    const personIds = people.map(({ id }) => id);
    const query = { personIds, from: new Date(from), to: new Date(to) };
    const size = await this.scope.measure(query, conversationsMost);
    const named = people.map(({ id, displayName, username, departmentName }) => ({
      id,
      displayName,
      username,
      departmentName,
    }));
    return { people: named, from, to, ...size };
  }
}

function requireTime({ from, to }: ExportRequest): void {
  if (from < to) return;
  throw new AppError('request.malformed', {
    details: { issues: [{ path: 'to', message: 'must be later than from' }] },
  });
}

const newExport = (
  id: string,
  by: AdministratorPrincipal,
  request: ExportRequest,
  approval: ApprovalRow,
): ExportRow => ({
  id,
  approvalId: approval.id,
  clientId: request.clientId,
  askedBy: by.id,
  askedByName: by.name,
  askedAt: approval.askedAt,
  expiresAt: approval.expiresAt,
  personIds: peopleOf(request),
  from: new Date(request.from),
  to: new Date(request.to),
  reason: request.reason,
  state: 'asked',
  decidedBy: null,
  decidedByName: null,
  decidedAt: null,
  logPos: null,
  attempts: 0,
  conversationCount: 0,
  eventCount: 0,
  failure: null,
  finishedAt: null,
});
