import type { AdministratorRole } from '#contracts';
import type { Transaction } from '#persistence';
import type { ApprovalRow } from './approval.entity.js';

/** What needs a second person, as the library that owns it declares it. */
export interface Operation {
  /** `object.verb`; the console's words are found by it. */
  operation: string;
  /** Who may ask, any one of these. */
  askedBy: readonly AdministratorRole[];
  /** Who may decide, any one of these who is not the asker. */
  approvedBy: readonly AdministratorRole[];
  /** How long an approval may wait to be used; absent where the operation begins with the decision. */
  usableMs?: number;
  /** What follows from a decision, in its transaction. */
  onDecision?(tx: Transaction, approval: ApprovalRow): Promise<void>;
}

const form = /^[a-z_]+(\.[a-z_]+)+$/;

/** Throws what the author of an operation has to mend. */
export function requireSound({ operation, askedBy, approvedBy }: Operation): void {
  if (!form.test(operation)) throw new Error(`the operation "${operation}" is not named object.verb`);
  for (const asker of askedBy) {
    // With one account of each role there would be nobody to decide.
    if (!approvedBy.some((role) => role !== asker)) {
      throw new Error(`nobody could decide on ${operation} when the only ${asker} asks for it`);
    }
  }
  if (askedBy.length === 0) throw new Error(`nobody may ask for ${operation}`);
}
