import type { LogEntry } from '#messaging';

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
 */
export function deliveriesOf(entries: readonly LogEntry[]): Delivery[] {
  const deliveries: Delivery[] = [];
  const open = new Map<string, Delivery>();
  for (const entry of entries) {
    const { joined, left } = membershipChange(entry);
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

function membershipChange({ type, meta }: LogEntry): { joined: readonly string[]; left: readonly string[] } {
  // The log was written from the contract that says what these fields are.
  if (type === 'conversation.created') return { joined: meta['memberIds'] as string[], left: nobody };
  if (type !== 'conversation.members') return { joined: nobody, left: nobody };
  return { joined: meta['joined'] as string[], left: meta['left'] as string[] };
}
