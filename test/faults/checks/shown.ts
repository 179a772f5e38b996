import type { Violation } from '../checker.js';
import type { DeviceRecord, History, Seen, Timeline } from '../history.js';
import type { TheLog } from './the-log.js';

/** What the SDK told its person, and kept: in order, once, and in the end exactly the log. */
export function* shownInOrder({ devices }: History, log: TheLog): Generator<Violation> {
  for (const device of devices) {
    if (device.kind !== 'sdk') continue;
    yield* toldInOrder(device, log);
    for (const timeline of device.timelines) yield* isTheLog(device, timeline, log);
    yield* missedBy(device, log);
  }
}

function* toldInOrder({ name, personId, tape }: DeviceRecord, log: TheLog): Generator<Violation> {
  const told = new Map<string, number>();
  for (const entry of tape) {
    if (entry.what === 'opened') told.clear();
    if (entry.what === 'reset') told.delete(entry.conversationId);
    if (entry.what !== 'applied') continue;
    const { conversationId } = entry;
    for (const event of entry.events) {
      const last = told.get(conversationId);
      const isFirst = last === undefined;
      if (!isFirst && (event.seq <= last || log.skips(personId, conversationId, last, event.seq))) {
        const evidence = `${name} was shown ${conversationId} ${event.seq} after ${last}`;
        yield { rule: event.seq <= last ? 'shown twice' : 'shown past a hole', evidence };
      }
      yield* denied(name, conversationId, event, log);
      told.set(conversationId, Math.max(last ?? 0, event.seq));
    }
  }
}

function* denied(name: string, conversationId: string, event: Seen, log: TheLog): Generator<Violation> {
  const stored = log.at(conversationId, event.seq);
  if (stored?.id === event.id && stored.print === event.print) return;
  const evidence = `${name} was shown ${event.id} at ${conversationId} ${event.seq}, where the log has ${stored?.id}`;
  yield { rule: 'somebody saw what the log denies', evidence };
}

function* isTheLog({ name, personId }: DeviceRecord, timeline: Timeline, log: TheLog): Generator<Violation> {
  const { conversationId, start, cursor, events } = timeline;
  const read = log.readBy(personId, conversationId);
  if (!read || cursor !== read.headSeq || start > read.floorSeq) {
    const evidence = `${name} holds ${conversationId} from ${start} to ${cursor}, the log is from ${read?.floorSeq} to ${read?.headSeq}`;
    yield { rule: 'a timeline is not the log', evidence };
    return;
  }
  const kept = new Map(events.map((event) => [event.seq, event]));
  for (let seq = read.floorSeq + 1; seq <= cursor; seq += 1) {
    const event = kept.get(seq);
    if (event && event.print === log.at(conversationId, seq)?.print) continue;
    const evidence = `${name} holds ${event?.id ?? 'nothing'} at ${conversationId} ${seq}`;
    yield { rule: 'a timeline is not the log', evidence };
  }
}

/** Every conversation of today's members is on all their devices. */
function* missedBy({ name, personId, timelines }: DeviceRecord, log: TheLog): Generator<Violation> {
  const held = new Set(timelines.map(({ conversationId }) => conversationId));
  for (const conversationId of log.conversations.keys()) {
    const isMember = log.staysOf(personId, conversationId).at(-1)?.to === Infinity;
    const isTheirs =
      conversationId === personId ? log.readBy(personId, conversationId) !== undefined : isMember;
    if (isTheirs && !held.has(conversationId)) {
      yield { rule: 'a timeline is not the log', evidence: `${name} knows nothing of ${conversationId}` };
    }
  }
}
