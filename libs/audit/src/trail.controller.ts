import { Controller } from '@nestjs/common';
import { auditApi, type AuditEntry, type InputOf } from '#contracts';
import { Input, Route } from '#platform';
import { AuditTrail } from './audit-trail.service.js';
import type { EntryRow } from './entry.entity.js';

@Controller()
export class TrailController {
  constructor(private readonly auditTrail: AuditTrail) {}

  @Route(auditApi.trail)
  async trail(@Input() { query }: InputOf<typeof auditApi.trail>) {
    const { items, nextCursor } = await this.auditTrail.list(query);
    return { items: items.map(present), nextCursor };
  }
}

const present = ({ pos, sessionId: _internal, ...row }: EntryRow): AuditEntry => ({
  ...row,
  seq: pos,
  at: row.at.toISOString(),
});
