import { Injectable } from '@nestjs/common';
import type { Conversation, EventOf, Member, Page, PersonSummary } from '#contracts';
import { People } from '#directory';
import { decodeCursor, toPage } from '#persistence';
import { AppError, type Principal } from '#platform';
import { toWire } from '../log/event.js';
import { LogReader } from '../log/log-reader.service.js';
import { ConversationsStore, type SeenConversation } from './conversations.store.js';
import { MembersStore } from './members.store.js';
import { Visibility } from './visibility.service.js';

interface PageQuery {
  cursor?: string;
  limit: number;
}

/** Conversations and their members, as their people see them. */
@Injectable()
export class Conversations {
  constructor(
    private readonly store: ConversationsStore,
    private readonly members: MembersStore,
    private readonly visibility: Visibility,
    private readonly reader: LogReader,
    private readonly people: People,
  ) {}

  /** Latest message first. */
  async list(by: Principal, { cursor, limit }: PageQuery): Promise<Page<Conversation>> {
    const rows = await this.store.page(by.id, decodeCursor(cursor, 2), limit + 1);
    const { items, nextCursor } = toPage(
      rows,
      limit,
      ({ sortAt, id }) => [sortAt, id],
      (row) => row,
    );
    return { items: await this.present(by, items), nextCursor };
  }

  /** Throws `conversation.not_a_member`. */
  async one(by: Principal, id: string): Promise<Conversation> {
    const row = await this.store.one(by.id, id);
    if (!row) throw new AppError('conversation.not_a_member');
    const [conversation] = await this.present(by, [row]);
    return conversation!;
  }

  /** Members now, the owner first. Throws `conversation.not_a_member`, also to those who have left. */
  async listMembers(
    by: Principal,
    id: string,
    { cursor, limit }: PageQuery,
  ): Promise<Page<Member> & { version: number }> {
    await this.visibility.requireMember(by.id, id);
    // Read first: what changes meanwhile makes the next page one of another version.
    const version = await this.members.version(id);
    const rows = await this.members.page(id, decodeCursor(cursor, 3), limit + 1);
    const { items, nextCursor } = toPage(
      rows,
      limit,
      ({ role, joinedSeq, personId }) => [role === 'owner' ? 0 : 1, joinedSeq, personId],
      (row) => row,
    );
    const people = new Map(
      (
        await this.people.metSummaries(
          by,
          items.map(({ personId }) => personId),
        )
      ).map((p) => [p.id, p]),
    );
    return {
      items: items.flatMap(({ personId, role, joinedSeq, readSeq }) => {
        const person = people.get(personId);
        return person ? [{ person, role, joinedSeq, readSeq }] : [];
      }),
      nextCursor,
      version,
    };
  }

  /** Who joined or left with an event that the caller may see. Throws `conversation.not_a_member`. */
  async listChanged(
    by: Principal,
    place: { conversationId: string; seq: number },
    { change, cursor, limit }: PageQuery & { change: 'joined' | 'left' },
  ): Promise<Page<PersonSummary>> {
    const { floorSeq, headSeq, kind } = await this.visibility.require(by.id, place.conversationId);
    if (kind === 'account') throw new AppError('conversation.not_a_member');
    if (place.seq <= floorSeq || place.seq > headSeq) return { items: [], nextCursor: null };
    const [after] = decodeCursor(cursor, 1) ?? [];
    const ids = await this.members.changedAt(place, change, {
      ...(after !== undefined && { after: String(after) }),
      limit: limit + 1,
    });
    const { items, nextCursor } = toPage(
      ids,
      limit,
      (id) => [id],
      (id) => id,
    );
    return { items: await this.people.metSummaries(by, items), nextCursor };
  }

  private async present(by: Principal, rows: SeenConversation[]): Promise<Conversation[]> {
    const [peers, lastMessages] = await Promise.all([
      this.people.metSummaries(
        by,
        rows.flatMap(({ peerId }) => peerId ?? []),
      ),
      this.reader.at(rows.filter(seesLastMessage).map(placeOfLastMessage)),
    ]);
    const names = new Map(peers.map(({ id, displayName }) => [id, displayName]));
    return rows.map((row) => {
      const last = lastMessages.get(row.id);
      return {
        id: row.id,
        kind: row.kind,
        name: row.peerId ? (names.get(row.peerId) ?? null) : row.name,
        peerId: row.peerId,
        role: row.leftSeq === null ? row.role : null,
        memberCount: row.memberCount,
        dissolved: row.dissolved,
        floorSeq: row.joinedSeq - 1,
        headSeq: Math.min(row.headSeq, row.leftSeq ?? Infinity),
        readSeq: row.readSeq,
        unread: row.unread,
        mentions: row.mentions,
        follows: row.follows,
        lastMessage: last ? (toWire(last) as EventOf<'message.created'>) : null,
        createdAt: row.createdAt.toISOString(),
      };
    });
  }
}

const seesLastMessage = ({ lastMessageSeq, joinedSeq, leftSeq }: SeenConversation): boolean =>
  lastMessageSeq !== null && lastMessageSeq >= joinedSeq && (leftSeq === null || lastMessageSeq <= leftSeq);

const placeOfLastMessage = ({ id, lastMessageSeq, lastMessageAt }: SeenConversation) => ({
  conversationId: id,
  seq: lastMessageSeq!,
  at: lastMessageAt!,
});
