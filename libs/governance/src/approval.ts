import { AppError, type AdministratorPrincipal } from '#platform';
import type { ApprovalRow } from './approval.entity.js';

/** Days an undecided request waits. */
export const approvalDays = 7;

export type ApprovalState = 'asked' | 'approved' | 'refused' | 'expired';

/** Where a request stands now; time alone ends an undecided one. */
export const stateOf = (approval: ApprovalRow, now: Date): ApprovalState =>
  approval.state === 'asked' && approval.expiresAt <= now ? 'expired' : approval.state;

/** Throws unless this administrator may decide this request now. */
export function requireDecidable(approval: ApprovalRow, by: AdministratorPrincipal, now: Date): void {
  if (approval.askedBy === by.id) throw new AppError('approval.own_request');
  const state = stateOf(approval, now);
  if (state !== 'asked') throw new AppError('approval.decided', { details: { state } });
}
