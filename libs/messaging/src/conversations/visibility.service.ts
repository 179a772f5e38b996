import { Injectable } from '@nestjs/common';
import { FileReaders, type SentPlace } from '#files';
import { AppError } from '#platform';
import { MembersStore, type Stay } from './members.store.js';

/** What a person may see of a conversation: everything above `floorSeq`, up to `headSeq`. */
export interface VisibleRange {
  conversationId: string;
  kind: Stay['kind'];
  /** What lies at or below does not exist for the person. */
  floorSeq: number;
  /** The last they may see: the head, or what ended their stay. */
  headSeq: number;
  isMember: boolean;
  memberCount: number;
}

/** Membership decides what is visible. There is no other way to the log of a conversation than through here. */
@Injectable()
export class Visibility extends FileReaders {
  constructor(private readonly members: MembersStore) {
    super();
  }

  /** Throws `conversation.not_a_member`, also where there is no such conversation. */
  async require(personId: string, conversationId: string): Promise<VisibleRange> {
    const stay = await this.members.stay(personId, conversationId);
    if (!stay) throw new AppError('conversation.not_a_member');
    return rangeOf(stay);
  }

  /** As `require`, for those who are members now; nobody is a member of an account log in this sense. */
  async requireMember(personId: string, conversationId: string): Promise<VisibleRange> {
    const range = await this.require(personId, conversationId);
    if (!range.isMember || range.kind === 'account') throw new AppError('conversation.not_a_member');
    return range;
  }

  async visible(personId: string, conversationId: string) {
    const stay = await this.members.stay(personId, conversationId);
    if (!stay) return undefined;
    const { floorSeq, headSeq } = rangeOf(stay);
    return { afterSeq: floorSeq, lastSeq: headSeq };
  }

  mayRead(personId: string, places: SentPlace[]): Promise<boolean> {
    return this.members.seesAny(personId, places);
  }
}

export const rangeOf = (
  stay: Pick<Stay, 'conversationId' | 'kind' | 'joinedSeq' | 'leftSeq' | 'headSeq' | 'memberCount'>,
): VisibleRange => ({
  conversationId: stay.conversationId,
  kind: stay.kind,
  floorSeq: stay.joinedSeq - 1,
  headSeq: Math.min(stay.headSeq, stay.leftSeq ?? Infinity),
  isMember: stay.leftSeq === null,
  memberCount: stay.memberCount,
});
