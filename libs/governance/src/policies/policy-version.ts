import type { PolicyVersion } from '#contracts';
import type { PolicyVersionRow } from './policy-version.entity.js';

export const presentVersion = (row: PolicyVersionRow): PolicyVersion => ({
  id: row.id,
  name: row.name,
  version: row.version,
  scope: { kind: row.scopeKind, id: row.scopeId },
  scopeName: row.scopeName,
  state: stateOf(row, new Date()),
  before: row.before as PolicyVersion['before'],
  value: row.value as PolicyVersion['value'],
  reason: row.reason,
  people: row.peopleCount,
  changedBy: row.changedByName,
  changedByRole: row.changedByRole,
  changedAt: row.changedAt.toISOString(),
  approvalId: row.approvalId,
  decidedBy: row.decidedByName,
  effectiveAt: row.effectiveAt?.toISOString() ?? null,
});

function stateOf({ state, effectiveAt }: PolicyVersionRow, now: Date): PolicyVersion['state'] {
  if (state !== 'set') return state;
  return effectiveAt! > now ? 'scheduled' : 'set';
}
