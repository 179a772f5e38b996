import type { Topology, Variation } from '#testing';

/** The product, broken on purpose in one way, and what the checker must say of it. */
export interface BrokenBuild {
  what: string;
  variations: Variation[];
  /** Settings of PostgreSQL under which it shows. */
  postgres?: Record<string, string>;
  topology: Topology;
  disturbances: string[];
  rule: string;
}

const store = 'libs/messaging/src/messages/messages.store.js';
const waits = (ms: number) => `await new Promise((resolve) => setTimeout(resolve, ${ms}));`;

/** Nothing but a violated key would betray a second one. */
const keysAreKeptOnce: Variation = {
  file: 'libs/messaging/src/log/event-log.store.js',
  find: 'join placed p on p.place = k.place',
  replace: 'join placed p on p.place = k.place on conflict do nothing',
};

/** Nothing is written ahead before it must be, so that a kill of PostgreSQL loses what a power cut would. */
export const lazyPostgres = { wal_writer_delay: '10s', wal_writer_flush_after: '1GB' };

export const brokenBuilds: readonly BrokenBuild[] = [
  {
    what: 'does not know repeats',
    variations: [
      { file: store, find: 'batch.add(send, () => standing.known', replace: 'batch.add(send, () => false' },
      keysAreKeptOnce,
    ],
    topology: 'several',
    disturbances: ['clients: connections cut'],
    rule: 'something is stored twice',
  },
  {
    what: 'acknowledges before the commit',
    variations: [
      {
        file: 'libs/messaging/src/messages/send-writers.service.js',
        find: 'await this.store.commit(batch, this.referToFiles)',
        replace: `await this.store.commit(batch, async (tx, sent) => {
          await this.referToFiles(tx, sent);
          for (const [send, outcome] of sent) send.item.resolve(outcome);
          ${waits(200)}
        })`,
      },
    ],
    topology: 'one',
    disturbances: ['suite-0 killed'],
    rule: 'acknowledged and not stored',
  },
  {
    what: 'commits with synchronous_commit=off',
    variations: [
      {
        file: 'libs/persistence/src/database.js',
        find: `'-c timezone=UTC',`,
        replace: `'-c timezone=UTC', '-c synchronous_commit=off',`,
      },
      {
        // The product looks for this itself, and does not start.
        file: 'libs/persistence/src/migrate.js',
        find: 'const faults = durabilityFaults(settings);',
        replace: 'const faults = durabilityFaults(settings).slice(0, 0);',
      },
    ],
    postgres: lazyPostgres,
    topology: 'one',
    disturbances: ['postgres killed'],
    rule: 'acknowledged and not stored',
  },
  {
    what: 'has a reader that skips late commits',
    variations: [
      {
        file: 'libs/messaging/src/messages/log-tail.js',
        find: 'return { after, to: last.pos, entries };',
        // Goes on behind the newest it has seen, though what lies before that was not there when it read.
        replace: `{
          ${waits(150)}
          const newest = (await this.reader.tail(last.pos, this.time, entriesPerRead, last.id))?.at(-1);
          return { after, to: (newest ?? last).pos, entries: newest ? [...entries, newest] : entries };
        }`,
      },
    ],
    topology: 'several',
    disturbances: ['clients: connections cut'],
    rule: 'pushes skip something',
  },
  {
    what: 'commits with a snapshot older than its locks',
    variations: [
      {
        file: store,
        find: 'await this.log.open(tx,',
        replace: `await (async (tx, acts) => {
          const standings = await this.log.standing(tx, acts);
          ${waits(5)}
          const ids = [...new Set(acts.map(({ conversationId }) => conversationId))];
          return { conversations: await this.log.lock(tx, ids), standings };
        })(tx,`,
      },
      keysAreKeptOnce,
    ],
    topology: 'several',
    disturbances: ['clients: connections cut'],
    rule: 'something is stored twice',
  },
  {
    what: 'has a client that stores a position past a pending pull',
    variations: [
      {
        file: 'libs/client/src/sync.js',
        find: 'const page = await this.syncPage(from);',
        replace: `const page = await this.syncPage(from);
          await onPage(page.position);`,
      },
    ],
    topology: 'one',
    disturbances: ['clients: connections cut'],
    rule: 'a position was stored past something that was not',
  },
];
