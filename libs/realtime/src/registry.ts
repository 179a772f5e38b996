import { Injectable } from '@nestjs/common';
import { Members } from '#messaging';
import type { Connection } from './connection.js';

/** A connected person: their sockets, and the conversations they are in. */
interface Present {
  connections: Set<Connection>;
  conversations: Set<string>;
}

/**
 * Who is connected to this process, and which of their conversations they see from where on. Kept in step with the
 * log by the fan-out: a person's conversations are read when they come, and follow the events from then on.
 */
@Injectable()
export class Registry {
  private readonly people = new Map<string, Present>();
  /** Conversation → connected members → first seq they see. */
  private readonly conversations = new Map<string, Map<string, number>>();

  constructor(private readonly members: Members) {}

  /** Once this returns, every later event of the person's conversations reaches the connection. */
  async add(connection: Connection): Promise<void> {
    const known = this.people.get(connection.personId);
    if (known) known.connections.add(connection);
    else
      this.people.set(connection.personId, { connections: new Set([connection]), conversations: new Set() });
    // Entered before the conversations are read, so that joining meanwhile is not missed. The read sees at least
    // what the fan-out has applied, and what it sees beyond that the fan-out applies again to the same end.
    for (const { conversationId, joinedSeq } of await this.members.conversationsOf(connection.personId)) {
      this.join(conversationId, connection.personId, joinedSeq);
    }
  }

  remove(connection: Connection): void {
    const present = this.people.get(connection.personId);
    if (!present?.connections.delete(connection) || present.connections.size > 0) return;
    this.people.delete(connection.personId);
    for (const conversationId of present.conversations) this.forget(conversationId, connection.personId);
  }

  /** Nothing happens where the person is not connected. */
  join(conversationId: string, personId: string, joinedSeq: number): void {
    const present = this.people.get(personId);
    if (!present) return;
    present.conversations.add(conversationId);
    const members = this.conversations.get(conversationId) ?? new Map<string, number>();
    this.conversations.set(conversationId, members.set(personId, joinedSeq));
  }

  /** @param leftSeq somebody who came back after this stays */
  leave(conversationId: string, personId: string, leftSeq: number): void {
    const joinedSeq = this.conversations.get(conversationId)?.get(personId);
    if (joinedSeq === undefined || joinedSeq > leftSeq) return;
    this.people.get(personId)?.conversations.delete(conversationId);
    this.forget(conversationId, personId);
  }

  /** Connected members of a conversation, each with the first seq they see. */
  membersOf(conversationId: string): ReadonlyMap<string, number> {
    return this.conversations.get(conversationId) ?? nobody;
  }

  connectionsOf(personId: string): ReadonlySet<Connection> {
    return this.people.get(personId)?.connections ?? none;
  }

  *all(): Generator<Connection> {
    for (const { connections } of this.people.values()) yield* connections;
  }

  private forget(conversationId: string, personId: string): void {
    const members = this.conversations.get(conversationId);
    members?.delete(personId);
    if (members?.size === 0) this.conversations.delete(conversationId);
  }
}

const nobody: ReadonlyMap<string, number> = new Map();
const none: ReadonlySet<Connection> = new Set();
