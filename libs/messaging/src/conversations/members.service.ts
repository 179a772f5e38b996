import { Injectable } from '@nestjs/common';
import { MembersStore } from './members.store.js';

/** Who is in which conversation, for those who deliver. */
@Injectable()
export class Members {
  constructor(private readonly store: MembersStore) {}

  /** Conversations of a person now, each with the first seq they see of it. */
  conversationsOf(personId: string): Promise<{ conversationId: string; joinedSeq: number }[]> {
    return this.store.conversationsOf(personId);
  }

  /** Those of the conversations that have at most so many members. */
  smallAmong(conversationIds: readonly string[], members: number): Promise<Set<string>> {
    return this.store.smallAmong(conversationIds, members);
  }
}
