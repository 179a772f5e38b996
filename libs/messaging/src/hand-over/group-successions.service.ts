import { Injectable } from '@nestjs/common';
import { newId } from '#contracts';
import { People } from '#directory';
import type { Transaction } from '#persistence';
import { logger } from '#platform';
import { ConversationsStore } from '../conversations/conversations.store.js';
import { MembersStore, type MemberRow } from '../conversations/members.store.js';
import { EventLogStore } from '../log/event-log.store.js';
import type { EventRecord } from '../log/event.js';
import { MessageLog } from '../messages/message-log.js';
import { OwnedGroupsStore } from './groups.store.js';

const log = logger('messaging');
const groupsAtOnce = 50;
const membersAtOnce = 100;
/** Of a larger group, so many who have been there longest are looked at. */
const membersSeen = 2000;

/**
 * Gives the groups of somebody who left to the next of their superiors who is a member, else to the active member who
 * has been there longest: never to anybody who does not see the group anyway. Each is one event of the group's log.
 */
@Injectable()
export class GroupSuccessions {
  constructor(
    private readonly groups: OwnedGroupsStore,
    private readonly conversations: ConversationsStore,
    private readonly members: MembersStore,
    private readonly log: EventLogStore,
    private readonly messageLog: MessageLog,
    private readonly people: People,
  ) {}

  /** Done once more, hands over what is left. A group in which nobody is active keeps its owner. */
  async handOverAll(personId: string, signal: AbortSignal): Promise<void> {
    const superiors = await this.people.managerLine(personId);
    const counts = { handedOver: 0, left: 0 };
    for (let after: string | undefined; ;) {
      const ids = await this.groups.ownedBy(personId, after, groupsAtOnce);
      for (const id of ids) {
        signal.throwIfAborted();
        const isHandedOver = await this.handOver(id, personId, superiors);
        counts[isHandedOver ? 'handedOver' : 'left'] += 1;
      }
      if (ids.length < groupsAtOnce) break;
      after = ids.at(-1);
    }
    log.info({ personId, ...counts }, 'the groups of somebody who left were handed over');
  }

  private async handOver(id: string, personId: string, superiors: readonly string[]): Promise<boolean> {
    const record = await this.conversations.transaction(async (tx) => {
      const conversations = await this.log.lock(tx, [id]);
      const conversation = conversations.get(id);
      if (!conversation || conversation.dissolved) return undefined;
      const [first] = await this.members.page(id, undefined, 1);
      if (first?.role !== 'owner' || first.personId !== personId) return undefined;
      const ownerId = await this.successor(tx, id, superiors);
      if (ownerId === undefined) return undefined;
      const [event] = await this.log.append(tx, conversations, [
        {
          conversationId: id,
          id: newId(),
          type: 'conversation.owner',
          actorId: null,
          actorKind: 'system',
          meta: { ownerId },
        },
      ]);
      await this.members.handOver(tx, id, ownerId);
      return event as EventRecord;
    });
    if (record) this.messageLog.announce([record]);
    return record !== undefined;
  }

  private async successor(
    tx: Transaction,
    id: string,
    superiors: readonly string[],
  ): Promise<string | undefined> {
    const present = await this.members.membersAmong(tx, id, superiors);
    const superior = superiors.find((one) => present.has(one));
    return superior ?? this.longestThere(id);
  }

  private async longestThere(id: string): Promise<string | undefined> {
    let after: (string | number)[] | undefined;
    for (let seen = 0; seen < membersSeen; seen += membersAtOnce) {
      const page: MemberRow[] = await this.members.page(id, after, membersAtOnce);
      const people = await this.people.summaries(
        'system',
        page.map(({ personId }) => personId),
      );
      const able = people.find(({ kind, active }) => kind === 'person' && active);
      if (able) return able.id;
      const last = page.at(-1);
      if (!last || page.length < membersAtOnce) return undefined;
      after = [last.role === 'owner' ? 0 : 1, last.joinedSeq, last.personId];
    }
    return undefined;
  }
}
