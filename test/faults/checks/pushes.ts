import type { Violation } from '../checker.js';
import type { DeviceRecord, Entry, History, Seen } from '../history.js';
import type { TheLog } from './the-log.js';

type Push = Extract<Entry, { what: 'push' }>;

/** What came over each connection: every frame continues the one before, nothing twice, nothing that the log denies. */
export function* pushesInOrder({ devices }: History, log: TheLog): Generator<Violation> {
  for (const device of devices) {
    const connection = new PushedSoFar(device, log);
    for (const entry of device.tape) {
      for (const { conversationId, events } of stretchesOf(entry)) {
        yield* deniedBy(log, device, conversationId, events);
      }
      yield* connection.take(entry);
    }
    yield* connection.unfinished();
  }
}

function stretchesOf(entry: Entry): readonly { conversationId: string; events: Seen[] }[] {
  if (entry.what === 'synced') return entry.conversations;
  return entry.what === 'push' || entry.what === 'pulled' ? [entry] : [];
}

function* deniedBy(
  log: TheLog,
  { name, personId }: DeviceRecord,
  conversationId: string,
  events: readonly Seen[],
): Generator<Violation> {
  for (const { seq, id, print } of events) {
    const stored = log.at(conversationId, seq);
    if (stored?.id !== id || stored.print !== print) {
      const evidence = `${name} saw ${id} at ${conversationId} ${seq}, where the log has ${stored?.id ?? 'nothing'}`;
      yield { rule: 'somebody saw what the log denies', evidence };
    } else if (!log.maySee(personId, conversationId, seq)) {
      yield { rule: 'somebody saw what is not theirs', evidence: `${name} saw ${conversationId} ${seq}` };
    }
  }
}

/** One connection: how far each conversation was pushed. */
class PushedSoFar {
  private last = new Map<string, number>();
  /** Conversations whose next push may come after something that was or will be pulled. */
  private excused = new Set<string>();
  private isOpen = false;

  constructor(
    private readonly device: DeviceRecord,
    private readonly log: TheLog,
  ) {}

  *take(entry: Entry): Generator<Violation> {
    if (entry.what === 'connecting' || entry.what === 'ready') {
      this.last = new Map();
      this.excused = new Set();
      this.isOpen = true;
    }
    if (entry.what === 'closed') this.isOpen = false;
    // A socket that does not keep up is told to pull, and what it was not pushed meanwhile is in the next sync.
    if (entry.what === 'synced' || entry.what === 'changed') this.excused = new Set(this.last.keys());
    if (entry.what === 'push' && !entry.isPolled) yield* this.push(entry);
  }

  /** Who listened to the end has heard everything. */
  *unfinished(): Generator<Violation> {
    if (!this.isOpen || this.device.kind === 'sdk') return;
    for (const [conversationId, last] of this.last) {
      const head = this.log.headOf(conversationId);
      const isBehind = this.log.hides(this.device.personId, conversationId, last, head + 1);
      if (!isBehind || this.excused.has(conversationId)) continue;
      const evidence = `${this.device.name} was connected to the end and got ${conversationId} up to ${last} of ${head}`;
      yield { rule: 'the end was not pushed', evidence };
    }
  }

  private *push({ conversationId, prevSeq, events }: Push): Generator<Violation> {
    const { name, personId } = this.device;
    const last = this.last.get(conversationId);
    const where = `${name} ${conversationId}: pushed up to ${last}, then after ${prevSeq}`;
    if (last !== undefined && prevSeq < last) yield { rule: 'something was pushed twice', evidence: where };
    if (last !== undefined && prevSeq > last) {
      const isMissing = this.log.hides(personId, conversationId, last, prevSeq + 1);
      if (isMissing && !this.excused.has(conversationId))
        yield { rule: 'pushes skip something', evidence: where };
    }
    const isBroken = events.some(({ seq }, i) => seq !== prevSeq + 1 + i);
    if (isBroken) yield { rule: 'a push is not what it says', evidence: where };
    this.excused.delete(conversationId);
    this.last.set(conversationId, Math.max(last ?? 0, prevSeq + events.length));
  }
}
