import { Controller } from '@nestjs/common';
import { administrationApi, type Approval, type InputOf } from '#contracts';
import { Caller, Input, Route, type AdministratorPrincipal } from '#platform';
import { stateOf } from './approval.js';
import { Approvals, type Seen } from './approvals.service.js';

@Controller()
export class ApprovalsController {
  constructor(private readonly approvals: Approvals) {}

  @Route(administrationApi.approvals)
  async list(
    @Caller() caller: AdministratorPrincipal,
    @Input() { query }: InputOf<typeof administrationApi.approvals>,
  ) {
    const { items, nextCursor } = await this.approvals.list(caller, query);
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

const present = ({ approval: row, mayDecide }: Seen): Approval => ({
  id: row.id,
  operation: row.operation,
  state: stateOf(row, new Date()),
  reason: row.reason,
  subject: row.subject,
  askedBy: row.askedByName,
  askedByRole: row.askedByRole,
  askedAt: row.askedAt.toISOString(),
  decidedBy: row.decidedByName,
  decidedByRole: row.decidedByRole,
  decidedAt: row.decidedAt?.toISOString() ?? null,
  note: row.note,
  usedAt: row.usedAt?.toISOString() ?? null,
  expiresAt: (row.usableUntil ?? row.expiresAt).toISOString(),
  mayDecide,
});
