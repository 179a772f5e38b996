import { Injectable } from '@nestjs/common';
import { newId, type EventType } from '#contracts';
import { DepartmentPeople } from '#directory';
import type { Transaction } from '#persistence';
import { ConversationsStore } from '../conversations/conversations.store.js';
import { firstMembers, membersChange } from '../conversations/listed-members.js';
import { MembersStore } from '../conversations/members.store.js';
import { EventLogStore } from '../log/event-log.store.js';
import type { EventRecord, LockedConversation } from '../log/event.js';
import { MessageLog } from '../messages/message-log.js';
import { DepartmentGroupsStore, type FollowingGroup } from './department-groups.store.js';

const peopleAtOnce = 500;
const candidates = 10;

/** An event to write, and what goes with it. */
interface Step {
  type: EventType;
  meta: Record<string, unknown>;
  effects: (event: EventRecord) => Promise<void>;
}

/** What a settling finds under the lock of the conversation. */
interface Scene {
  tx: Transaction;
  group: FollowingGroup;
  conversation: LockedConversation;
  joined: string[];
  left: string[];
}

/**
 * Makes the members of a group those of its department. What the directory says is read under the lock of the group,
 * so whoever settles last knows best, and doing it once more changes nothing.
 */
@Injectable()
export class Following {
  constructor(
    private readonly groups: DepartmentGroupsStore,
    private readonly people: DepartmentPeople,
    private readonly conversations: ConversationsStore,
    private readonly members: MembersStore,
    private readonly log: EventLogStore,
    private readonly messageLog: MessageLog,
  ) {}

  /** Everybody of the department, and everybody of the group. May be cut short anywhere and begun again. */
  async settleAll(group: FollowingGroup, signal: AbortSignal): Promise<void> {
    const rulesVersion = await this.people.rulesVersion();
    for (let after: string | undefined; ;) {
      const { ids, next } = await this.people.page(group, after, peopleAtOnce);
      signal.throwIfAborted();
      await this.settle(group, ids);
      if (next === undefined) break;
      after = next;
    }
    for (let after: string | undefined; ;) {
      const ids = await this.members.idsAfter(group.conversationId, after, peopleAtOnce);
      signal.throwIfAborted();
      await this.settle(group, ids);
      if (ids.length < peopleAtOnce) break;
      after = ids.at(-1);
    }
    await this.groups.settled(group.conversationId, rulesVersion);
  }

  /** Lets those of the people join or leave whose place it is now. A group whose department is gone follows no more. */
  async settle(group: FollowingGroup, personIds: readonly string[]): Promise<void> {
    const records = await this.conversations.transaction(async (tx) => {
      const locked = await this.log.lock(tx, [group.conversationId]);
      const conversation = locked.get(group.conversationId);
      if (!conversation || !(await this.groups.isFollowing(tx, group.conversationId))) return [];
      const steps = (await this.people.isThere(group.departmentId))
        ? await this.stepsOf(await this.scene(tx, group, conversation, personIds))
        : await this.stepsOfEnd(tx, group, conversation);
      return this.write(tx, locked, group.conversationId, steps);
    });
    this.messageLog.announce(records);
  }

  private async write(
    tx: Transaction,
    locked: Map<string, LockedConversation>,
    conversationId: string,
    steps: readonly Step[],
  ): Promise<EventRecord[]> {
    if (steps.length === 0) return [];
    const records = await this.log.append(
      tx,
      locked,
      steps.map(({ type, meta }) => ({
        conversationId,
        id: newId(),
        type,
        actorId: null,
        actorKind: 'system' as const,
        meta,
      })),
    );
    for (const [i, { effects }] of steps.entries()) await effects(records[i]!);
    return records;
  }

  private async scene(
    tx: Transaction,
    group: FollowingGroup,
    conversation: LockedConversation,
    personIds: readonly string[],
  ): Promise<Scene> {
    const wanted = await this.people.among(personIds, group);
    const present = await this.members.membersAmong(tx, group.conversationId, personIds);
    const joined = [...wanted].filter((id) => !present.has(id));
    const left = [...present].filter((id) => !wanted.has(id));
    return { tx, group, conversation, joined, left };
  }

  private async stepsOf(scene: Scene): Promise<Step[]> {
    const { tx, conversation, joined, left } = scene;
    if (joined.length + left.length === 0) return [];
    const { conversationId } = scene.group;
    if (conversation.headSeq === 0) return this.stepsOfBeginning(scene);
    const owner = await this.members.owner(tx, conversationId);
    const ownerId = owner === undefined || left.includes(owner) ? await this.nextOwner(scene) : undefined;
    if (ownerId === undefined) return [this.change(tx, joined, left)];
    if (!joined.includes(ownerId) && !(await this.isMember(tx, conversationId, ownerId)))
      joined.push(ownerId);
    // Only a member can be handed the group, and only who is not its owner leaves it.
    return [
      ...(joined.length > 0 ? [this.change(tx, joined, [])] : []),
      {
        type: 'conversation.owner',
        meta: { ownerId },
        effects: () => this.members.handOver(tx, conversationId, ownerId),
      },
      ...(left.length > 0 ? [this.change(tx, [], left)] : []),
    ];
  }

  private async stepsOfBeginning(scene: Scene): Promise<Step[]> {
    const { tx, group, conversation, joined } = scene;
    const ownerId = await this.nextOwner(scene);
    if (ownerId === undefined) return [];
    const memberIds = [...new Set([ownerId, ...joined])];
    return [
      {
        type: 'conversation.created',
        meta: {
          kind: 'group',
          name: conversation.name,
          ...firstMembers(memberIds),
          departmentId: group.departmentId,
        },
        effects: (event) => this.members.join(tx, event, memberIds, ownerId),
      },
    ];
  }

  /** Whoever asked for the group, where they belong to it; else a head, else whoever is highest in rank. */
  private async nextOwner({ tx, group, conversation, joined }: Scene): Promise<string | undefined> {
    const { conversationId, ownerId } = group;
    if (conversation.headSeq === 0 && ownerId !== null) {
      if ((await this.people.among([ownerId], group)).has(ownerId)) return ownerId;
    }
    const leading = await this.people.leading(group, candidates);
    const present = await this.members.membersAmong(tx, conversationId, leading);
    return leading.find((id) => present.has(id) || joined.includes(id)) ?? leading[0];
  }

  private async isMember(tx: Transaction, conversationId: string, personId: string): Promise<boolean> {
    return (await this.members.membersAmong(tx, conversationId, [personId])).has(personId);
  }

  private change(tx: Transaction, joined: string[], left: string[]): Step {
    return {
      type: 'conversation.members',
      meta: membersChange(joined, left),
      effects: async (event) => {
        if (joined.length > 0) await this.members.join(tx, event, joined);
        if (left.length > 0) await this.members.leave(tx, event, left);
      },
    };
  }

  /** From here on it is a group like any other, of those who are in it. */
  private async stepsOfEnd(
    tx: Transaction,
    { conversationId, departmentId }: FollowingGroup,
    { headSeq }: LockedConversation,
  ): Promise<Step[]> {
    await this.groups.end(tx, conversationId);
    if (headSeq === 0) return [];
    return [{ type: 'conversation.unfollowed', meta: { departmentId }, effects: () => Promise.resolve() }];
  }
}
