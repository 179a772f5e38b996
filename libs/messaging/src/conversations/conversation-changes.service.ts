import { Injectable } from '@nestjs/common';
import { newId, type EventType } from '#contracts';
import { People } from '#directory';
import { isUniqueViolation, type Transaction } from '#persistence';
import { AppError, type Principal } from '#platform';
import { DepartmentGroupsStore } from '../department-groups/department-groups.store.js';
import { EventLogStore } from '../log/event-log.store.js';
import { requireSameRequest, type LockedConversation, type NewEvent, type Standing } from '../log/event.js';
import type { EventRecord } from '../log/event.js';
import { MessageLog } from '../messages/message-log.js';
import { RequestMacs } from '../messages/request-macs.js';
import { requireMayAdd, requireMayGovern, requireMayLeave } from '../policy.js';
import { ConversationsStore } from './conversations.store.js';
import { firstMembers, membersChange } from './listed-members.js';
import { MembersStore } from './members.store.js';

/** Where a change stands in the log. */
export interface Changed {
  seq: number;
}

type Key = NonNullable<NewEvent['key']>;

/** What a change finds under the lock. */
interface Scene {
  tx: Transaction;
  conversation: LockedConversation | undefined;
  standing: Standing;
}

/** An event to write, and what goes with it in the same transaction; nothing when there is nothing to change. */
type Act = (scene: Scene) => Promise<
  | {
      type: EventType;
      meta: Record<string, unknown>;
      effects: (event: EventRecord) => Promise<void>;
    }
  | undefined
>;

const collisions = 3;

/** What changes a conversation, each as one event of its log. */
@Injectable()
export class ConversationChanges {
  constructor(
    private readonly store: ConversationsStore,
    private readonly members: MembersStore,
    private readonly departmentGroups: DepartmentGroupsStore,
    private readonly log: EventLogStore,
    private readonly messageLog: MessageLog,
    private readonly macs: RequestMacs,
    private readonly people: People,
  ) {}

  /** The direct conversation of two people, made at the first time. Throws `conversation.members_invalid`. */
  async openDirect(by: Principal, memberIds: readonly string[]): Promise<{ id: string; isNew: boolean }> {
    const others = [...new Set(memberIds)].filter((id) => id !== by.id);
    const [peerId] = others;
    if (others.length !== 1 || !peerId) throw membersInvalid('one other person is needed');
    const met = await this.store.directOf([by.id, peerId]);
    // Who has written to somebody may be answered, whoever else may not begin.
    if (met) return { id: met, isNew: false };
    await this.requireApproachable(by, others);
    const { claimedId, record } = await this.store.transaction(async (tx) => {
      const id = newId();
      const claimedId = await this.store.claimDirect(tx, [by.id, peerId], id);
      if (claimedId !== id) return { claimedId, record: undefined };
      return {
        claimedId,
        record: await this.create(tx, by, { id, kind: 'direct', memberIds: [by.id, peerId] }),
      };
    });
    if (record) this.messageLog.announce([record]);
    return { id: claimedId, isNew: record !== undefined };
  }

  /** A new group of the caller. Throws `conversation.members_invalid` and `client_id_reused`. */
  async createGroup(
    by: Principal,
    { memberIds, name, clientId }: { memberIds: readonly string[]; name: string; clientId?: string },
  ): Promise<{ id: string; isNew: boolean }> {
    const everybody = [...new Set([by.id, ...memberIds])];
    if (everybody.length < 2) throw membersInvalid('a group needs somebody else');
    await this.requireApproachable(by, everybody);
    const key = clientId === undefined ? undefined : this.macs.keyOf(clientId, by.id, { memberIds, name });
    const { id, record } = await onceMoreOnCollision(() =>
      this.store.transaction(async (tx) => {
        const known = key && (await this.knownUse(tx, by, key));
        if (known) return { id: known.conversationId, record: undefined };
        const id = newId();
        return {
          id,
          record: await this.create(tx, by, { id, kind: 'group', memberIds: everybody, name }, key),
        };
      }),
    );
    if (record) this.messageLog.announce([record]);
    return { id, isNew: record !== undefined };
  }

  /** Throws the refusals of `addMembers` in the contract. People who are members already stay so. */
  async add(by: Principal, id: string, memberIds: readonly string[], clientId: string): Promise<Changed> {
    await this.requireApproachable(by, memberIds);
    return this.change(
      by,
      id,
      this.macs.keyOf(clientId, id, { add: memberIds }),
      async ({ tx, conversation, standing }) => {
        requireMayAdd(conversation, standing);
        await this.requireOwnMembers(tx, id);
        const present = await this.members.membersAmong(tx, id, memberIds);
        const joined = [...new Set(memberIds)].filter((personId) => !present.has(personId));
        if (joined.length === 0) return undefined;
        return {
          type: 'conversation.members',
          meta: membersChange(joined, []),
          effects: (event) => this.members.join(tx, event, joined),
        };
      },
    );
  }

  /** Leaves, or removes somebody as the owner. A repeat changes nothing. */
  async remove(by: Principal, id: string, personId: string): Promise<void> {
    const isSelf = personId === by.id;
    await this.change(by, id, undefined, async ({ tx, conversation, standing }) => {
      if (isSelf && standing.role === null && (await this.members.wasMember(tx, id, personId)))
        return undefined;
      if (isSelf) requireMayLeave(conversation, standing);
      else requireMayGovern(conversation, standing);
      await this.requireOwnMembers(tx, id);
      if (!(await this.members.membersAmong(tx, id, [personId])).has(personId)) return undefined;
      return {
        type: 'conversation.members',
        meta: membersChange([], [personId]),
        effects: (event) => this.members.leave(tx, event, [personId]),
      };
    });
  }

  async rename(by: Principal, id: string, name: string, clientId: string): Promise<Changed> {
    return this.change(
      by,
      id,
      this.macs.keyOf(clientId, id, { name }),
      async ({ tx, conversation, standing }) => {
        requireMayGovern(conversation, standing);
        return {
          type: 'conversation.renamed',
          meta: { name },
          effects: () => this.store.rename(tx, id, name),
        };
      },
    );
  }

  async handOver(by: Principal, id: string, ownerId: string, clientId: string): Promise<Changed> {
    return this.change(
      by,
      id,
      this.macs.keyOf(clientId, id, { ownerId }),
      async ({ tx, conversation, standing }) => {
        requireMayGovern(conversation, standing);
        if (!(await this.members.membersAmong(tx, id, [ownerId])).has(ownerId))
          throw membersInvalid('the new owner is no member');
        return {
          type: 'conversation.owner',
          meta: { ownerId },
          effects: () => this.members.handOver(tx, id, ownerId),
        };
      },
    );
  }

  async dissolve(by: Principal, id: string, clientId: string): Promise<Changed> {
    return this.change(
      by,
      id,
      this.macs.keyOf(clientId, id, { dissolve: true }),
      async ({ tx, conversation, standing }) => {
        requireMayGovern(conversation, standing);
        return {
          type: 'conversation.dissolved',
          meta: {},
          effects: async (event) => {
            await this.store.dissolve(tx, id, new Date(event.at));
            await this.departmentGroups.end(tx, id);
          },
        };
      },
    );
  }

  private async create(
    tx: Transaction,
    by: Principal,
    conversation: { id: string; kind: 'direct' | 'group'; memberIds: string[]; name?: string },
    key?: Key,
  ): Promise<EventRecord> {
    const { id, kind, memberIds, name } = conversation;
    await this.store.insert(tx, { id, kind, name: name ?? null });
    const locked = await this.log.lock(tx, [id]);
    const meta = { kind, ...(name !== undefined && { name }), ...firstMembers(memberIds) };
    const [record] = await this.log.append(tx, locked, [
      {
        conversationId: id,
        id: newId(),
        type: 'conversation.created',
        actorId: by.id,
        actorKind: 'person',
        meta,
        key,
      },
    ]);
    await this.members.join(tx, record!, memberIds, kind === 'group' ? by.id : undefined);
    return record!;
  }

  private async change(by: Principal, id: string, key: Key | undefined, act: Act): Promise<Changed> {
    const { seq, record } = await onceMoreOnCollision(() =>
      this.store.transaction(async (tx) => {
        const { conversations, standings } = await this.log.open(tx, [
          // An act without a key repeats harmlessly; no client's id is empty.
          { conversationId: id, personId: by.id, clientId: key?.clientId ?? '' },
        ]);
        const [standing] = standings;
        if (key && standing!.known) {
          requireSameRequest(standing!.known, key.requestMac);
          return { seq: standing!.known.seq, record: undefined };
        }
        const conversation = conversations.get(id);
        const done = await act({ tx, conversation, standing: standing! });
        if (!done) return { seq: conversation!.headSeq, record: undefined };
        const { type, meta } = done;
        const [record] = await this.log.append(tx, conversations, [
          { conversationId: id, id: newId(), type, actorId: by.id, actorKind: 'person', meta, key },
        ]);
        await done.effects(record!);
        return { seq: record!.seq, record };
      }),
    );
    if (record) this.messageLog.announce([record]);
    return { seq };
  }

  private async knownUse(tx: Transaction, by: Principal, key: Key): Promise<Standing['known']> {
    const [standing] = await this.log.standing(tx, [
      { conversationId: by.id, personId: by.id, clientId: key.clientId },
    ]);
    if (standing?.known) requireSameRequest(standing.known, key.requestMac);
    return standing?.known ?? null;
  }

  private async requireOwnMembers(tx: Transaction, id: string): Promise<void> {
    if (await this.departmentGroups.isFollowing(tx, id))
      throw new AppError('conversation.follows_department');
  }

  /** Somebody hidden is answered like somebody who does not exist. */
  private async requireApproachable(by: Principal, personIds: readonly string[]): Promise<void> {
    const refused = await this.people.unapproachable(by, personIds);
    if (refused.unknown.length > 0) {
      throw membersInvalid('not everybody is an active person', refused.unknown);
    }
    if (refused.protected.length > 0) {
      throw membersInvalid('a rule says who may begin a conversation with them', refused.protected);
    }
  }
}

const membersInvalid = (reason: string, personIds?: string[]): AppError =>
  new AppError('conversation.members_invalid', { details: { reason, ...(personIds && { personIds }) } });

/** Two requests with one client id at the same moment: the second, run again, sees the first. */
async function onceMoreOnCollision<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isUniqueViolation(error) || attempt > collisions) throw error;
    }
  }
}
