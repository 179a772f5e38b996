import { Injectable } from '@nestjs/common';
import { Members } from '#messaging';
import type { Receiver } from './receiver.js';

/** A connected person: their sockets, and the conversations they are in. */
interface Present {
  personId: string;
  connections: Receiver[];
  rooms: Room[];
}

/** A conversation that connected people are in; each with the first seq they see. */
interface Room {
  conversationId: string;
  members: Map<Present, number>;
}

/**
 * Who is connected to this process, and which of their conversations they see from where on. Kept in step with the
 * log by the fan-out: a person's conversations are read when they come, and follow the events from then on. Lists
 * and not sets where there are few of something: ten thousands of idle connections are what this holds.
 */
@Injectable()
export class Registry {
  private readonly people = new Map<string, Present>();
  private readonly rooms = new Map<string, Room>();

  constructor(private readonly members: Members) {}

  /** Once this returns, every later event of the person's conversations reaches the connection. */
  async add(connection: Receiver): Promise<void> {
    const { personId } = connection;
    const known = this.people.get(personId);
    if (known) known.connections.push(connection);
    else this.people.set(personId, { personId, connections: [connection], rooms: [] });
    // Entered before the conversations are read, so that joining meanwhile is not missed. The read sees at least
    // what the fan-out has applied, and what it sees beyond that the fan-out applies again to the same end.
    for (const { conversationId, joinedSeq } of await this.members.conversationsOf(personId)) {
      this.join(conversationId, personId, joinedSeq);
    }
  }

  remove(connection: Receiver): void {
    const present = this.people.get(connection.personId);
    const place = present?.connections.indexOf(connection) ?? -1;
    if (!present || place < 0) return;
    present.connections.splice(place, 1);
    if (present.connections.length > 0) return;
    this.people.delete(connection.personId);
    for (const room of present.rooms) this.forget(room, present);
  }

  /** Nothing happens where the person is not connected. */
  join(conversationId: string, personId: string, joinedSeq: number): void {
    const present = this.people.get(personId);
    if (!present) return;
    const room = this.rooms.get(conversationId) ?? { conversationId, members: new Map() };
    if (room.members.size === 0) this.rooms.set(conversationId, room);
    if (!room.members.has(present)) present.rooms.push(room);
    room.members.set(present, joinedSeq);
  }

  /** @param leftSeq somebody who came back after this stays */
  leave(conversationId: string, personId: string, leftSeq: number): void {
    const room = this.rooms.get(conversationId);
    const present = this.people.get(personId);
    if (!room || !present || (room.members.get(present) ?? Infinity) > leftSeq) return;
    present.rooms.splice(present.rooms.indexOf(room), 1);
    this.forget(room, present);
  }

  /** Connections of the members of a conversation, each with the first seq they see. */
  *receiversOf(conversationId: string): Generator<[Receiver, number]> {
    const room = this.rooms.get(conversationId);
    if (!room) return;
    for (const [{ connections }, joinedSeq] of room.members) {
      for (const connection of connections) yield [connection, joinedSeq];
    }
  }

  /** Whether anybody who is connected here is a member. */
  isHeard(conversationId: string): boolean {
    return this.rooms.has(conversationId);
  }

  connectionsOf(personId: string): readonly Receiver[] {
    return this.people.get(personId)?.connections ?? [];
  }

  *all(): Generator<Receiver> {
    for (const { connections } of this.people.values()) yield* connections;
  }

  private forget(room: Room, present: Present): void {
    room.members.delete(present);
    if (room.members.size === 0) this.rooms.delete(room.conversationId);
  }
}
