import type { Violation } from '../checker.js';
import type { DeviceRecord, Entry, History } from '../history.js';
import type { TheLog } from './the-log.js';

/** Something a device was told of, that it must hold before it stores the position that was said with it. */
interface Debt {
  conversationId: string;
  upTo: number;
}

/** A device stores a position only when everything that was sent before it is stored. */
export function* positionsTrue({ devices }: History, log: TheLog): Generator<Violation> {
  for (const device of devices) {
    const debts = new Debts(device, log);
    for (const entry of device.tape) yield* debts.take(entry);
  }
}

class Debts {
  private readonly cursors = new Map<string, number>();
  private pushed: Debt[] = [];
  private synced: Debt[] = [];
  /** What each position that was said on this connection promises. */
  private promises = new Map<string, Debt[]>();

  constructor(
    private readonly device: DeviceRecord,
    private readonly log: TheLog,
  ) {}

  *take(entry: Entry): Generator<Violation> {
    switch (entry.what) {
      case 'connecting':
      case 'ready':
        this.pushed = [];
        this.synced = [];
        this.promises = new Map();
        break;
      case 'kept':
        this.cursors.set(entry.conversationId, entry.cursor);
        break;
      case 'changed':
        this.pushed.push({ conversationId: entry.conversationId, upTo: entry.headSeq });
        break;
      case 'push':
        this.push(entry);
        break;
      case 'synced':
        this.sync(entry);
        break;
      case 'position':
        yield* this.settle(entry.position);
        break;
      default:
    }
  }

  private push({ conversationId, events, position }: Extract<Entry, { what: 'push' }>): void {
    const last = events.at(-1);
    if (last) this.pushed.push({ conversationId, upTo: last.seq });
    if (position === undefined) return;
    // What an earlier position promised is owed by it alone.
    this.promises.set(position, this.pushed);
    this.pushed = [];
  }

  /** What was pushed while a page was read belongs to a later position. */
  private sync({ conversations, position }: Extract<Entry, { what: 'synced' }>): void {
    for (const { conversationId, headSeq } of conversations)
      this.synced.push({ conversationId, upTo: headSeq });
    this.promises.set(position, this.synced);
    this.synced = [];
  }

  private *settle(position: string): Generator<Violation> {
    for (const { conversationId, upTo } of this.promises.get(position) ?? []) {
      const cursor = this.cursors.get(conversationId) ?? 0;
      if (cursor >= upTo) continue;
      const { name, personId } = this.device;
      if (!this.log.hides(personId, conversationId, cursor, upTo + 1)) continue;
      const evidence = `${name} stored a position with ${conversationId} up to ${cursor}, told of ${upTo} before`;
      yield { rule: 'a position was stored past something that was not', evidence };
    }
    this.promises.delete(position);
  }
}
