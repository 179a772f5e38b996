import type { OutboxItem } from '#client';
import type { ConversationEvent, EventOf } from '#contracts';

export type Row =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'new'; key: string }
  | { kind: 'system'; key: string; event: ConversationEvent }
  | { kind: 'message'; key: string; event: EventOf<'message.created'>; isFirst: boolean; isLast: boolean }
  | { kind: 'pending'; key: string; item: OutboxItem; isFirst: boolean; isLast: boolean };

export interface RowParts {
  events: readonly ConversationEvent[];
  /** On their way, in the order of writing. */
  pending: readonly OutboxItem[];
  myId: string;
  /** Read up to here when the conversation was opened; the divider stands above what came after. */
  readSeq: number;
}

/** Messages of one sender within this time stand together under one name. */
const groupMs = 3 * 60_000;

/** What stands below each other on the screen. */
export function rowsOf({ events, pending, myId, readSeq }: RowParts): Row[] {
  const rows: Row[] = [];
  let day: string | undefined;
  let isDivided = false;
  const startDay = (at: string) => {
    const date = new Date(at).toDateString();
    if (date !== day) rows.push({ kind: 'day', key: `day ${date}`, at });
    day = date;
  };
  for (const event of events) {
    startDay(event.at);
    if (!isDivided && event.seq > readSeq && event.type === 'message.created' && event.actorId !== myId) {
      isDivided = true;
      // Where nothing that was read stands above, there is nothing to divide from.
      if (rows.some(({ kind }) => kind === 'message')) rows.push({ kind: 'new', key: 'new' });
    }
    if (event.type === 'message.created') {
      rows.push({ kind: 'message', key: keyOf(event, myId), event, isFirst: true, isLast: true });
    } else {
      rows.push({ kind: 'system', key: event.id, event });
    }
  }
  const known = new Set(events.map((event) => (event.type === 'message.created' ? event.clientId : '')));
  for (const item of pending) {
    if (known.has(item.clientId)) continue;
    startDay(new Date(item.createdAt).toISOString());
    rows.push({ kind: 'pending', key: item.clientId, item, isFirst: true, isLast: true });
  }
  joinGroups(rows, myId);
  return rows;
}

/** My message keeps its row when it comes back from the log. */
const keyOf = (event: EventOf<'message.created'>, myId: string): string =>
  event.actorId === myId ? event.clientId : event.id;

function joinGroups(rows: Row[], myId: string): void {
  for (let i = 1; i < rows.length; i += 1) {
    const above = rows[i - 1]!;
    const row = rows[i]!;
    if (!isSpoken(above) || !isSpoken(row)) continue;
    if (senderOf(above, myId) !== senderOf(row, myId)) continue;
    if (timeOf(row) - timeOf(above) > groupMs) continue;
    above.isLast = false;
    row.isFirst = false;
  }
}

type Spoken = Extract<Row, { kind: 'message' | 'pending' }>;

const isSpoken = (row: Row): row is Spoken => row.kind === 'message' || row.kind === 'pending';
const senderOf = (row: Spoken, myId: string) => (row.kind === 'message' ? row.event.actorId : myId);
const timeOf = (row: Spoken) =>
  row.kind === 'message' ? new Date(row.event.at).getTime() : row.item.createdAt;

/** Row of a place in the log, or of the next one after it. */
export const rowAt = (rows: readonly Row[], seq: number): number =>
  rows.findIndex((row) => (row.kind === 'message' || row.kind === 'system') && row.event.seq >= seq);

/** Gives the rows again and again: those that are as before are the same objects, so that nothing is drawn twice. */
export class RowKeeper {
  private last: ReadonlyMap<string, Row> = new Map();

  rows(parts: RowParts): Row[] {
    const rows = rowsOf(parts).map((row) => {
      const before = this.last.get(row.key);
      return before && isSame(before, row) ? before : row;
    });
    this.last = new Map(rows.map((row) => [row.key, row]));
    return rows;
  }
}

const isSame = (a: Row, b: Row): boolean =>
  Object.entries(a).every(([name, value]) => value === (b as unknown as Record<string, unknown>)[name]);
