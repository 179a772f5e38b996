import { Controller } from '@nestjs/common';
import { administrationApi, type Approval, type InputOf } from '#contracts';
import { Caller, Input, Route, type AdministratorPrincipal } from '#platform';
import type { ApprovalRow } from './approval.entity.js';
import { stateOf } from './approval.js';
import { Approvals } from './approvals.service.js';

@Controller()
export class ApprovalsController {
  constructor(private readonly approvals: Approvals) {}

  @Route(administrationApi.approvals)
  async list(@Input() { query }: InputOf<typeof administrationApi.approvals>) {
    const { items, nextCursor } = await this.approvals.list(query);
    return { items: items.map(present), nextCursor };
  }

  @Route(administrationApi.decide)
  async decide(
    @Caller() caller: AdministratorPrincipal,
    @Input() { params, body }: InputOf<typeof administrationApi.decide>,
  ) {
    return present(await this.approvals.decide(caller, { ...params, ...body }));
  }
}

const present = (row: ApprovalRow): Approval => ({
  id: row.id,
  operation: row.operation,
  state: stateOf(row, new Date()),
  reason: row.reason,
  subject: row.subject,
  askedBy: row.askedByName,
  askedAt: row.askedAt.toISOString(),
  decidedBy: row.decidedByName,
  decidedAt: row.decidedAt?.toISOString() ?? null,
  expiresAt: row.expiresAt.toISOString(),
});
