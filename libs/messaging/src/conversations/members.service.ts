import { Injectable } from '@nestjs/common';
import { limits } from '#contracts';
import { Gathering } from '#platform';
import type { EventRecord } from '../log/event.js';
import { MembersStore, type VisibleFrom } from './members.store.js';

export interface MembersChange {
  joined: readonly string[];
  left: readonly string[];
}

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

  /** Who joined and who left with an event that does not list them; as many as one event can be of. */
  async changedWith(event: EventRecord): Promise<MembersChange> {
    const all = { limit: limits.membersPerRequest + 1 };
    const [joined, left] = await Promise.all([
      this.store.changedAt(event, 'joined', all),
      this.store.changedAt(event, 'left', all),
    ]);
    return { joined, left };
  }

  /** Those of the conversations that have at most so many members. */
  smallAmong(conversationIds: readonly string[], members: number): Promise<Set<string>> {
    return this.store.smallAmong(conversationIds, members);
  }
}
