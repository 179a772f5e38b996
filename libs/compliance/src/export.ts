import { canonicalJson } from '#platform';
import type { Export, ExportRequest } from '#contracts';
import type { Operation } from '#governance';
import type { ExportFileRow, ExportRow } from './export.entity.js';

/** Conversations one export may cover; beyond this it says so instead of growing without bound. */
export const conversationsMost = 20_000;

/** The auditor asks, the security administrator decides. */
export const exportOperation = {
  operation: 'audit.export',
  askedBy: ['audit-admin'],
  approvedBy: ['security-admin'],
} as const satisfies Operation;

/** Attempts to make the files before an export is given up. */
export const attemptsMost = 8;

/** A fault that another attempt would meet again; its message is for the auditor. */
export class ExportFault extends Error {
  override readonly name = 'ExportFault';
}

export type ExportState = Export['state'];

/** Where an export stands now; time alone ends one that nobody decided. */
export const stateOf = (row: Pick<ExportRow, 'state' | 'expiresAt'>, now: Date): ExportState =>
  row.state === 'asked' && row.expiresAt <= now ? 'expired' : row.state;

/** Whether a request with a known clientId is that same request again. */
export function isSameRequest(row: ExportRow, request: ExportRequest): boolean {
  const known = {
    personIds: row.personIds,
    from: row.from.toISOString(),
    to: row.to.toISOString(),
    reason: row.reason,
  };
  const { clientId: _key, ...asked } = request;
  return canonicalJson(known) === canonicalJson({ ...asked, personIds: peopleOf(request) });
}

/** The people of a request, each once, in one order. */
export const peopleOf = (request: ExportRequest): string[] =>
  [...new Set(request.personIds)].toSorted((a, b) => (a < b ? -1 : 1));

export function present(row: ExportRow, files: ExportFileRow[]): Export {
  return {
    id: row.id,
    approvalId: row.approvalId,
    state: stateOf(row, new Date()),
    askedBy: row.askedByName,
    askedAt: row.askedAt.toISOString(),
    decidedBy: row.decidedByName,
    personIds: row.personIds,
    from: row.from.toISOString(),
    to: row.to.toISOString(),
    reason: row.reason,
    conversationCount: row.conversationCount,
    eventCount: row.eventCount,
    files: row.state === 'done' ? files.map(presentFile) : [],
    failure: row.failure,
  };
}

const presentFile = ({ name, size, sha256 }: ExportFileRow) => ({
  name,
  size,
  sha256: sha256?.toString('hex') ?? '',
});
