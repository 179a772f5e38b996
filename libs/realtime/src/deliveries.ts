import type { ConversationEvent } from '#contracts';
import type { LogEntry, MembersChange } from '#messaging';
import { Frame } from './frame.js';

/** Consecutive events of one conversation, and who joins with the first or leaves with the last of them. */
export interface Delivery {
  conversationId: string;
  entries: LogEntry[];
  joined: readonly string[];
  left: readonly string[];
}

/**
 * Cuts a stretch of the log into deliveries, in order within each conversation. An event that changes who may see the
 * conversation is a delivery of its own: those who join see it first, those who leave see it last.
 * @param unlisted by position, who joined and left with events that do not list them
 */
export function deliveriesOf(
  entries: readonly LogEntry[],
  unlisted: ReadonlyMap<number, MembersChange> = new Map(),
): Delivery[] {
  const deliveries: Delivery[] = [];
  const open = new Map<string, Delivery>();
  for (const entry of entries) {
    const { joined, left } = unlisted.get(entry.pos) ?? membershipChange(entry);
    const isChange = joined.length > 0 || left.length > 0;
    const current = open.get(entry.conversationId);
    if (current && !isChange) {
      current.entries.push(entry);
      continue;
    }
    const delivery = { conversationId: entry.conversationId, entries: [entry], joined, left };
    deliveries.push(delivery);
    if (isChange) open.delete(entry.conversationId);
    else open.set(entry.conversationId, delivery);
  }
  return deliveries;
}

const nobody: readonly string[] = [];

function membershipChange({ type, meta }: LogEntry): MembersChange {
  // The log was written from the contract that says what these fields are.
  if (type === 'conversation.created') return { joined: meta['memberIds'] as string[], left: nobody };
  if (type !== 'conversation.members') return { joined: nobody, left: nobody };
  return { joined: meta['joined'] as string[], left: meta['left'] as string[] };
}

/** A place in the log, said to devices that were sent everything up to it. */
export interface SaidPosition {
  pos: number;
  text: string;
}

/** Consecutive events of one conversation on their way to sockets: the same words are encoded once for all of them. */
export class AddressedEvents {
  private readonly frames = new Map<string, Frame>();

  constructor(
    readonly conversationId: string,
    private readonly events: ConversationEvent[],
  ) {}

  get headSeq(): number {
    return this.events.at(-1)!.seq;
  }

  /** @param joinedSeq nothing before it is sent */
  frame(joinedSeq: number, position: string | undefined): Frame {
    const fromSeq = Math.max(joinedSeq, this.events[0]!.seq);
    const key = `${fromSeq} ${position ?? ''}`;
    const known = this.frames.get(key);
    if (known) return known;
    const { conversationId } = this;
    const events = this.events.filter(({ seq }) => seq >= fromSeq);
    const frame = Frame.of('events', {
      conversationId,
      prevSeq: fromSeq - 1,
      events,
      ...(position !== undefined && { position }),
    });
    this.frames.set(key, frame);
    return frame;
  }
}
