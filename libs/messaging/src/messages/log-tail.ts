import { readHead, type Database, type Stretch } from '#persistence';
import type { LogEntry } from '../log/event.js';
import type { LogReader } from '../log/log-reader.service.js';

/** Entries of a stretch that is read; a commit writes at most a thousand. */
const entriesPerRead = 500;

/** Reads on from an entry of the log, for as long as the log is the one that holds it. */
export class LogTail {
  /** The last entry that was read; unknown where the head is not that of an event. */
  private last: { pos: number; id: string } | undefined;
  /** Times never fall behind the head by more than the reader allows for, so the latest known bounds a read. */
  private time = 0;
  private position = 0;

  constructor(
    private readonly database: Database,
    private readonly reader: LogReader,
  ) {}

  /** @returns the position it begins after, the present end of the log */
  async begin(): Promise<number> {
    const head = await readHead(this.database, 'messages');
    const last = await this.reader.entryAt(head.pos, head.at);
    Object.assign(this, { position: head.pos, time: head.at, last });
    return head.pos;
  }

  /** What comes after the position; 'another log' where this one does not hold what was read before. */
  async read(after: number): Promise<Stretch<LogEntry> | undefined | 'another log'> {
    // Asked for what follows a position of the log before this one.
    if (after !== this.position) return undefined;
    const entries = await this.reader.tail(after, this.time, entriesPerRead, this.last?.id);
    if (entries === undefined) return 'another log';
    const last = entries.at(-1);
    if (last) return { after, to: last.pos, entries };
    if (this.last) return undefined;
    return (await readHead(this.database, 'messages')).pos < after ? 'another log' : undefined;
  }

  /** Latest time of all entries up to the end of a stretch, in milliseconds. */
  timeAfter({ entries }: Stretch<LogEntry>): number {
    return entries.reduce((time, { at }) => Math.max(time, at), this.time);
  }

  /** The stretch is done with. */
  advance(stretch: Stretch<LogEntry>): void {
    const last = stretch.entries.at(-1);
    if (stretch.after !== this.position || !last) return;
    this.time = this.timeAfter(stretch);
    this.position = stretch.to;
    this.last = { pos: last.pos, id: last.id };
  }
}
