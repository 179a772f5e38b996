import type { ConversationEvent } from '#contracts';
import { seen, type ReadLog, type Seen } from '../history.js';

/** When somebody was a member: the first seq they see, and the last one where they left. */
interface Stay {
  from: number;
  to: number;
}

/** The log as all fresh devices together read it. */
export class TheLog {
  readonly conversations = new Map<string, Map<number, ConversationEvent>>();
  private readonly prints = new Map<string, Seen>();
  private readonly stays = new Map<string, Stay[]>();
  private readonly read = new Map<string, ReadLog>();

  constructor(logs: readonly ReadLog[]) {
    for (const log of logs) {
      this.read.set(`${log.personId} ${log.conversationId}`, log);
      const events = this.conversations.get(log.conversationId) ?? new Map<number, ConversationEvent>();
      for (const event of log.events) if (!events.has(event.seq)) events.set(event.seq, event);
      this.conversations.set(log.conversationId, events);
    }
    for (const [conversationId, events] of this.conversations) {
      const inOrder = [...events.values()].sort((a, b) => a.seq - b.seq);
      for (const event of inOrder) {
        this.prints.set(`${conversationId} ${event.seq}`, seen(event));
        this.follow(conversationId, event);
      }
    }
  }

  /** What stands at a place, in few letters. */
  at(conversationId: string, seq: number): Seen | undefined {
    return this.prints.get(`${conversationId} ${seq}`);
  }

  event(conversationId: string, seq: number): ConversationEvent | undefined {
    return this.conversations.get(conversationId)?.get(seq);
  }

  headOf(conversationId: string): number {
    return Math.max(0, ...(this.conversations.get(conversationId)?.keys() ?? []));
  }

  /** What a fresh device of theirs read. */
  readBy(personId: string, conversationId: string): ReadLog | undefined {
    return this.read.get(`${personId} ${conversationId}`);
  }

  /** Account logs are their person's, and have no members. */
  staysOf(personId: string, conversationId: string): readonly Stay[] {
    if (personId === conversationId) return [{ from: 1, to: Infinity }];
    return this.stays.get(`${personId} ${conversationId}`) ?? [];
  }

  maySee(personId: string, conversationId: string, seq: number): boolean {
    return this.staysOf(personId, conversationId).some(({ from, to }) => seq >= from && seq <= to);
  }

  /** Whether there is something between two places that this person may see. */
  hides(personId: string, conversationId: string, after: number, before: number): boolean {
    for (let seq = after + 1; seq < before; seq += 1) {
      if (this.maySee(personId, conversationId, seq)) return true;
    }
    return false;
  }

  /** Whether somebody who is told one event after another was owed something between them: a stay begins anew. */
  skips(personId: string, conversationId: string, last: number, next: number): boolean {
    const stay = this.staysOf(personId, conversationId).find(({ from, to }) => next >= from && next <= to);
    return stay !== undefined && Math.max(last + 1, stay.from) < next;
  }

  private follow(conversationId: string, event: ConversationEvent): void {
    const stays = (personId: string) => {
      const key = `${personId} ${conversationId}`;
      const known = this.stays.get(key) ?? [];
      this.stays.set(key, known);
      return known;
    };
    const { seq } = event;
    if (event.type === 'conversation.created') {
      for (const personId of event.memberIds) stays(personId).push({ from: seq, to: Infinity });
    }
    if (event.type !== 'conversation.members') return;
    for (const personId of event.joined) stays(personId).push({ from: seq, to: Infinity });
    for (const personId of event.left) {
      const last = stays(personId).at(-1);
      if (last) last.to = seq;
    }
  }
}
