import { Controller } from '@nestjs/common';
import { auditApi, type AuditEntry, type InputOf } from '#contracts';
import { decodeCursor, toPage } from '#persistence';
import { Input, Route } from '#platform';
import { AuditStore } from './audit.store.js';
import type { EntryRow } from './entry.entity.js';

@Controller()
export class TrailController {
  constructor(private readonly store: AuditStore) {}

  @Route(auditApi.trail)
  async trail(@Input() { query }: InputOf<typeof auditApi.trail>) {
    const { cursor, limit, ...filter } = query;
    const [before] = decodeCursor(cursor, 1) ?? [];
    const rows = await this.store.list({
      ...filter,
      ...(before !== undefined && { before: Number(before) }),
      limit: limit + 1,
    });
    return toPage(rows, limit, (row) => [row.pos], present);
  }
}

const present = ({ pos, sessionId: _internal, ...row }: EntryRow): AuditEntry => ({
  ...row,
  seq: pos,
  at: row.at.toISOString(),
});
