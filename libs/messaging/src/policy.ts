import { AppError } from '#platform';
import type { LockedConversation, Standing } from './log/event.js';

/** Who may do what in a conversation. `standing` was read under the lock of the conversation. */

type Present = Standing & { role: NonNullable<Standing['role']>; joinedSeq: number };

/** To those who are no members a conversation does not exist; nobody acts in an account log. */
export function requireMember(
  conversation: LockedConversation | undefined,
  standing: Standing,
): asserts standing is Present {
  if (!conversation || conversation.kind === 'account' || standing.role === null) {
    throw new AppError('conversation.not_a_member');
  }
}

/** Members may write, as long as the conversation lives. */
export function requireMaySend(conversation: LockedConversation | undefined, standing: Standing): void {
  requireMember(conversation, standing);
  if (conversation!.dissolved) throw new AppError('conversation.dissolved');
}

/** Members may bring people into a living group. */
export function requireMayAdd(conversation: LockedConversation | undefined, standing: Standing): void {
  requireMember(conversation, standing);
  if (conversation!.kind !== 'group') throw new AppError('conversation.not_a_group');
  if (conversation!.dissolved) throw new AppError('conversation.dissolved');
}

/** Names, owners, removals and the end of a group are its owner's. */
export function requireMayGovern(conversation: LockedConversation | undefined, standing: Standing): void {
  requireMayAdd(conversation, standing);
  if (standing.role !== 'owner') throw new AppError('conversation.owner_required');
}

/** Members may leave a living group; its owner hands it over first. */
export function requireMayLeave(conversation: LockedConversation | undefined, standing: Standing): void {
  requireMayAdd(conversation, standing);
  if (standing.role === 'owner') throw new AppError('conversation.owner_must_transfer');
}
