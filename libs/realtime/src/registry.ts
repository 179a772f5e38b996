import { Injectable } from '@nestjs/common';
import { Members } from '#messaging';
import type { Receiver } from './receiver.js';

/** A connected person: their sockets, and the conversations they are in. */
interface Present {
  personId: string;
  connections: Receiver[];
  rooms: Room[];
}

/** A conversation that connected people are in; each with the first seq they see, at the same place of its list. */
interface Room {
  conversationId: string;
  members: Present[];
  joined: number[];
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
    const room = this.rooms.get(conversationId) ?? { conversationId, members: [], joined: [] };
    if (room.members.length === 0) this.rooms.set(conversationId, room);
    const place = room.members.indexOf(present);
    if (place >= 0) {
      room.joined[place] = joinedSeq;
      return;
    }
    room.members = withOneMore(room.members, present);
    room.joined = withOneMore(room.joined, joinedSeq);
    present.rooms = withOneMore(present.rooms, room);
  }

  /** @param leftSeq somebody who came back after this stays */
  leave(conversationId: string, personId: string, leftSeq: number): void {
    const room = this.rooms.get(conversationId);
    const present = this.people.get(personId);
    if (!room || !present) return;
    const place = room.members.indexOf(present);
    if (place < 0 || room.joined[place]! > leftSeq) return;
    present.rooms.splice(present.rooms.indexOf(room), 1);
    this.forget(room, present);
  }

  /** Connections of the members of a conversation, each with the first seq they see. */
  *receiversOf(conversationId: string): Generator<[Receiver, number]> {
    const room = this.rooms.get(conversationId);
    if (!room) return;
    for (const [place, { connections }] of room.members.entries()) {
      for (const connection of connections) yield [connection, room.joined[place]!];
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
    const place = room.members.indexOf(present);
    if (place < 0) return;
    // Their order says nothing, so the last one fills the gap.
    const [lastMember, lastJoined] = [room.members.pop()!, room.joined.pop()!];
    if (place < room.members.length) {
      room.members[place] = lastMember;
      room.joined[place] = lastJoined;
    }
    if (room.members.length === 0) this.rooms.delete(room.conversationId);
  }
}

/** Up to here a list is no larger than what is in it. */
const exactUpTo = 64;

/** A list that grows by `push` makes room for sixteen more, and most conversations are of two people. */
function withOneMore<T>(list: T[], item: T): T[] {
  if (list.length < exactUpTo) return list.concat([item]);
  list.push(item);
  return list;
}
