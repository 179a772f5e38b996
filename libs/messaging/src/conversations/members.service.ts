import { Injectable } from '@nestjs/common';
import { Gathering } from '#platform';
import { MembersStore, type VisibleFrom } from './members.store.js';

/** Who is in which conversation, for those who deliver. */
@Injectable()
export class Members {
  private readonly conversations = new Gathering<string, VisibleFrom[]>(
    async (personIds) => {
      const rows = await this.store.conversationsOf([...new Set(personIds)]);
      const byPerson = Map.groupBy(rows, ({ personId }) => personId);
      return personIds.map((id) => byPerson.get(id) ?? []);
    },
    { together: 50, underWay: 2, waiting: 20_000 },
  );

  constructor(private readonly store: MembersStore) {}

  /** Conversations of a person now, each with the first seq they see of it. */
  conversationsOf(personId: string): Promise<VisibleFrom[]> {
    return this.conversations.ask(personId);
  }

  /** Those of the conversations that have at most so many members. */
  smallAmong(conversationIds: readonly string[], members: number): Promise<Set<string>> {
    return this.store.smallAmong(conversationIds, members);
  }
}
