import type { AdministratorRole } from '#contracts';
import { AppError, type AdministratorPrincipal } from '#platform';
import type { ApprovalRow } from './approval.entity.js';
import type { Operation } from './operation.js';

/** Days an undecided request waits. */
export const approvalDays = 7;

export type ApprovalState = 'asked' | 'approved' | 'refused' | 'expired' | 'used';

type Standing = Pick<ApprovalRow, 'state' | 'expiresAt' | 'usableUntil'>;

/** Where a request stands now; time alone ends an undecided one, and an approval that nobody used. */
export function stateOf({ state, expiresAt, usableUntil }: Standing, now: Date): ApprovalState {
  if (state === 'asked' && expiresAt <= now) return 'expired';
  if (state === 'approved' && usableUntil !== null && usableUntil <= now) return 'expired';
  return state;
}

/** Whoever decides: the account, and the person behind it where that is known. */
export interface Decider {
  by: AdministratorPrincipal;
  personId: string | null;
}

/** Whether the request came from this account, or from another one of the same person. */
export const isOwn = (
  { askedBy, askedByPerson }: Pick<ApprovalRow, 'askedBy' | 'askedByPerson'>,
  { by, personId }: Decider,
): boolean => askedBy === by.id || (personId !== null && askedByPerson === personId);

/** Throws unless this administrator may decide this request now. */
export function requireDecidable(
  approval: ApprovalRow,
  operation: Operation,
  decider: Decider,
  now: Date,
): void {
  if (!operation.approvedBy.includes(decider.by.role)) throw new AppError('access.forbidden');
  if (isOwn(approval, decider)) throw new AppError('approval.own_request');
  const state = stateOf(approval, now);
  if (state !== 'asked') throw new AppError('approval.decided', { details: { state } });
}

/** Who has to do with requests of an operation. */
export const concerns = ({ askedBy, approvedBy }: Operation, role: AdministratorRole): boolean =>
  askedBy.includes(role) || approvedBy.includes(role);
