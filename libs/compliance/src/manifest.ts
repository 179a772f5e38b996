import type { ExportFile } from '#contracts';
import { canonicalJson, cryptoSuite, version } from '#platform';
import type { ExportRow } from './export.entity.js';
import { lineSchema, type LineConversation } from './export-line.js';

/** What was written of a conversation. */
export interface WrittenConversation extends LineConversation {
  firstSeq: number;
  lastSeq: number;
  events: number;
  /** Stretches of the log within, both ends included; what lies between them nobody named has seen. */
  ranges: { from: number; to: number }[];
}

export interface ManifestParts {
  export: ExportRow;
  /** Epoch of the installation's log. */
  installation: string;
  people: { id: string; displayName: string; username: string }[];
  conversations: WrittenConversation[];
  files: ExportFile[];
  counts: Record<string, number>;
  madeAt: Date;
}

/** The list of what an export holds, by which every file of it can be checked. Canonical JSON. */
export function manifestOf(parts: ManifestParts): string {
  const { export: row, conversations, files, counts } = parts;
  return canonicalJson({
    schema: 'chancery.export.manifest/1',
    lineSchema,
    suite: cryptoSuite.name,
    product: { name: 'Chancery', version },
    installation: parts.installation,
    exportId: row.id,
    approvalId: row.approvalId,
    reason: row.reason,
    asked: {
      by: { id: row.askedBy, name: row.askedByName, role: 'audit-admin' },
      at: row.askedAt.toISOString(),
    },
    approved: {
      by: { id: row.decidedBy, name: row.decidedByName, role: 'security-admin' },
      at: row.decidedAt?.toISOString() ?? null,
    },
    madeAt: parts.madeAt.toISOString(),
    query: { people: parts.people, from: row.from.toISOString(), to: row.to.toISOString() },
    logPosition: row.logPos,
    counts: { ...counts, conversations: conversations.length, files: files.length },
    conversations,
    files,
    notIncluded: [
      'The bytes of files that were sent; a file message carries name, size and type of its file.',
    ],
  });
}
