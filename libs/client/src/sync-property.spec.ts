import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { newId, type ConversationEvent } from '#contracts';
import { ModelService, type ModelConnection } from '#testing';
import { newCounters } from './counters.js';
import { OfflineError, RefusedError } from './errors.js';
import { Logs } from './logs.js';
import { MemoryStore, type ClientStore, type StoredPosition } from './store.js';
import { Sync, type Ask } from './sync.js';

const me = newId();
const conversations = ['a', 'b', 'c'];

type How = 'pushed' | 'pushed twice' | 'pushed late' | 'lost' | 'named';
type Step =
  | { kind: 'write'; to: string; how: How; mine: boolean; type: string }
  | { kind: 'connect' | 'disconnect' | 'restart' | 'refuse' | 'check' }
  | { kind: 'raise floor'; of: string }
  | { kind: 'restore'; losing: number };

const to = fc.constantFrom(...conversations);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      to,
      how: fc.constantFrom<How>('pushed', 'pushed', 'pushed', 'pushed twice', 'pushed late', 'lost', 'named'),
      mine: fc.boolean(),
      type: fc.constantFrom('message.created', 'message.created', 'poll.closed'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('connect' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('disconnect', 'restart', 'refuse', 'check') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('raise floor' as const), of: to }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const), losing: fc.nat(6) }) },
);

/** What is on the disk. Refuses a position that promises more than is stored. */
class Disk extends MemoryStore {
  constructor(private readonly service: ModelService) {
    super();
  }

  override async storePosition(position: StoredPosition): Promise<void> {
    const [epoch, count, seen] = position.position.split(':');
    const isWhole = epoch === this.service.epoch && seen === undefined;
    const marks = new Map((await this.open()).logs.map((mark) => [mark.conversationId, mark]));
    for (const { conversationId, event } of isWhole ? this.service.log.slice(0, Number(count)) : []) {
      const start = marks.get(conversationId)?.start ?? 0;
      if (event.seq <= Math.max(start, this.service.floor(conversationId))) continue;
      const [stored] = await this.read(conversationId, { after: event.seq - 1, limit: 1 });
      if (stored?.id !== event.id)
        throw new Error(`${position.position} without ${conversationId} ${event.seq}`);
    }
    await super.storePosition(position);
  }
}

/** The disk as a process sees it: slow, and gone with the process between any two operations. */
function seenBy(disk: Disk, takes: (what: string) => Promise<void>): ClientStore {
  const slow =
    <A extends unknown[]>(what: string, work: (...given: A) => Promise<void>) =>
    async (...given: A) => {
      await takes(what);
      await work.apply(disk, given);
      await takes(`done with ${what}`);
    };
  return {
    open: () => disk.open(),
    read: (id, range) => disk.read(id, range),
    write: slow('write', disk.write),
    cut: slow('cut', disk.cut),
    drop: slow('drop', disk.drop),
    storePosition: slow('position', disk.storePosition),
    putOutbox: (item) => disk.putOutbox(item),
    removeOutbox: (id) => disk.removeOutbox(id),
    clear: () => disk.clear(),
  };
}

/** One device of me, its network, and the process it runs in. */
class World {
  readonly service = new ModelService();
  readonly disk = new Disk(this.service);
  readonly offered = new Set<string>();
  readonly faults: unknown[] = [];
  private connection: ModelConnection | undefined;
  private late: { to: string; events: ConversationEvent[] } | undefined;
  private refusals = 0;
  /** Own messages that the device had and a restore lost, in conversations that are still there. */
  readonly lost = new Set<string>();
  logs!: Logs;
  private sync!: Sync;
  private processes = 0;

  constructor(
    private readonly scheduler: fc.Scheduler,
    private readonly window: number | undefined,
  ) {}

  async start(): Promise<void> {
    const counters = newCounters();
    const process = (this.processes += 1);
    const store = seenBy(this.disk, async (what) => {
      await this.scheduler.schedule(Promise.resolve(), what);
      // Whoever was killed here goes on no more.
      if (process !== this.processes) await new Promise(() => {});
    });
    const told = new Map<string, number>();
    const logs: Logs = new Logs(store, counters, {
      ask: (name, data) => sync.ask(name, data),
      onApplied: (id, _kind, events) => this.tell(told, id, events),
      onDropped: (id, above) => told.has(id) && told.set(id, Math.min(told.get(id)!, above)),
    });
    const sync: Sync = new Sync(
      store,
      logs,
      counters,
      {
        request: this.request,
        userId: () => me,
        offerAgain: ({ clientId }) => Promise.resolve(void this.offered.add(clientId!)),
        openDirect: () => Promise.resolve('another'),
        redirect: () => Promise.resolve(),
        onRestored: () => undefined,
        onSynced: () => undefined,
        onBroken: (error) => this.onBroken(error),
      },
      this.window,
    );
    const stored = await store.open();
    logs.load(stored.logs);
    sync.load(stored.position);
    this.logs = logs;
    this.sync = sync;
  }

  async do(step: Step): Promise<void> {
    if (step.kind === 'write') this.write(step);
    else if (step.kind === 'connect') this.connect();
    else if (step.kind === 'disconnect') this.disconnect();
    else if (step.kind === 'refuse') this.refusals += 1;
    else if (step.kind === 'check') for (const id of conversations) this.sync.check(id);
    else if (step.kind === 'raise floor') this.service.raiseFloor(step.of);
    else if (step.kind === 'restore') this.restore(step.losing);
    else {
      this.disconnect();
      await this.start();
    }
  }

  connect(): void {
    this.late = undefined;
    const { sync } = this;
    const reset = (epoch: string) => sync.onReset({ epoch });
    this.connection = { phase: 'catching', synced: 0, reset };
    this.sync.onReady({ epoch: this.service.epoch });
  }

  disconnect(): void {
    this.connection = undefined;
    this.sync.onDisconnect();
  }

  private restore(losing: number): void {
    this.late = undefined;
    const { service, logs } = this;
    const kept = Math.max(0, service.log.length - losing);
    // What the service had put below a floor before, nobody misses.
    const gone = service.log.slice(kept).filter((row) => row.event.seq > service.floor(row.conversationId));
    service.restore(kept);
    for (const { conversationId, event } of gone) {
      const timeline = logs.find(conversationId);
      const had = timeline && timeline.start < event.seq && event.seq <= timeline.cursor;
      const isMine = event.type === 'message.created' && event.actorId === me;
      if (had && isMine && service.head(conversationId) > 0) this.lost.add(event.clientId);
    }
    if (this.connection) this.connection.phase = 'catching';
    this.disconnect();
  }

  private write({ to, how, mine, type }: Extract<Step, { kind: 'write' }>): void {
    const event = this.service.write(to, { type, ...(mine && { actorId: me }) });
    const on = this.connection;
    if (!on) return;
    if (how === 'lost' || how === 'named') {
      // What was not sent is promised by no position until the device has synced again.
      on.phase = 'catching';
      if (how === 'named') this.sync.onChanged({ conversationId: to, headSeq: event.seq });
      return;
    }
    const { late } = this;
    if (how === 'pushed late' && !late) {
      this.late = { to, events: [event] };
      on.phase = 'catching';
      return;
    }
    this.late = undefined;
    if (late) this.sync.onPush(this.service.push(late.to, late.events, { ...on, phase: 'catching' }));
    const push = this.service.push(to, [event], on);
    this.sync.onPush(push);
    if (how === 'pushed twice') this.sync.onPush(push);
  }

  private readonly request: Ask = async (name, data) => {
    const { connection } = this;
    await this.scheduler.schedule(Promise.resolve(), name);
    if (!connection || connection !== this.connection) throw new OfflineError();
    if (this.refusals > 0) {
      this.refusals -= 1;
      throw new RefusedError('request.malformed');
    }
    const answer = this.service.answer(name, data, connection);
    await this.scheduler.schedule(Promise.resolve(), `answer of ${name}`);
    if (connection !== this.connection) throw new OfflineError();
    return answer;
  };

  private onBroken(error: unknown): void {
    if (!(error instanceof RefusedError)) this.faults.push(error);
    this.disconnect();
    if (this.faults.length < 5) this.connect();
  }

  private tell(told: Map<string, number>, id: string, events: ConversationEvent[]): void {
    for (const { seq } of events) {
      const before = told.get(id);
      const isNext = !before || seq === before + 1 || this.service.wasFloor(id, seq - 1);
      if (!isNext) this.faults.push(new Error(`${id} ${seq} was told after ${before}`));
      told.set(id, seq);
    }
  }
}

describe('whatever is cut, lost, repeated, late, refused or restored on the way', () => {
  it.each([
    ['whole logs', undefined],
    ['windows', 2],
  ] as const)(
    'a device ends with the log, and promised nothing before: %s',
    async (_name, window) => {
      const runs = fc.asyncProperty(
        fc.scheduler(),
        fc.array(step, { minLength: 1, maxLength: 40 }),
        async (scheduler, steps) => {
          const world = new World(scheduler, window);
          await world.start();
          scheduler.scheduleSequence(steps.map((one) => ({ label: one.kind, builder: () => world.do(one) })));
          await idle(scheduler);
          world.disconnect();
          world.connect();
          await idle(scheduler);
          world.disconnect();
          expect(world.faults).toEqual([]);
          for (const id of conversations) await expectWhole(world, id);
          expect(world.offered).toEqual(new Set([...world.offered, ...world.lost]));
        },
      );
      await fc.assert(runs, { numRuns: 1000 });
    },
    60_000,
  );
});

/** Nothing is under way any more, nor comes of what was. */
async function idle(scheduler: fc.Scheduler): Promise<void> {
  do {
    await scheduler.waitIdle();
    await new Promise((resolve) => setImmediate(resolve));
  } while (scheduler.count() > 0);
}

async function expectWhole({ service, disk, logs }: World, id: string): Promise<void> {
  const timeline = logs.find(id);
  if (!timeline) return expect([id, service.events(id).slice(service.floor(id))]).toEqual([id, []]);
  expect([id, timeline.cursor]).toEqual([id, service.head(id)]);
  const stored = await disk.read(id, { after: timeline.start, limit: 1000 });
  const theirs = service.events(id).slice(timeline.start);
  expect(stored.map((event) => event.id)).toEqual(theirs.map((event) => event.id));
}
