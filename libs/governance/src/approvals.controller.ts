import { Controller } from '@nestjs/common';
import { administrationApi, type Approval, type InputOf } from '#contracts';
import { decodeCursor, toPage } from '#persistence';
import { Caller, Input, Route, type AdministratorPrincipal } from '#platform';
import type { ApprovalRow } from './approval.entity.js';
import { stateOf } from './approval.js';
import { Approvals } from './approvals.service.js';
import { ApprovalsStore } from './approvals.store.js';

@Controller()
export class ApprovalsController {
  constructor(
    private readonly approvals: Approvals,
    private readonly store: ApprovalsStore,
  ) {}

  @Route(administrationApi.approvals)
  async list(@Input() { query }: InputOf<typeof administrationApi.approvals>) {
    const [askedAt, id] = decodeCursor(query.cursor, 2) ?? [];
    const rows = await this.store.list({
      state: query.state,
      limit: query.limit + 1,
      ...(askedAt !== undefined && { before: { askedAt: new Date(askedAt), id: String(id) } }),
    });
    return toPage(rows, query.limit, (row) => [row.askedAt.toISOString(), row.id], present);
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
