import { createHash } from 'node:crypto';
import { newId, type Ack, type SendRequest } from '#contracts';
import { eventually, World, type Employee } from '#testing';
import { Wire, type Outcome } from './wire.js';

export const text = (words: string, more: Partial<SendRequest> = {}): SendRequest => ({
  clientId: newId(),
  body: { type: 'text', text: words },
  ...more,
});

export function acked(outcome: Outcome | undefined): Ack {
  if (outcome === undefined || typeof outcome === 'string') throw new Error(`refused: ${outcome}`);
  return outcome;
}

/** Several processes, and three people in groups of theirs, whose sends meet where and when a test wants. */
export class SendingWorld {
  private constructor(
    readonly world: World,
    readonly people: [Employee, Employee, Employee],
    /** Alice at the first and at the second process of messaging, Bob at the first. */
    readonly wires: { here: Wire; there: Wire; bobs: Wire },
  ) {}

  static async start(): Promise<SendingWorld> {
    const world = await World.start({ topology: 'several' });
    const [alice, bob, carol] = (await world.signIn(3)) as [Employee, Employee, Employee];
    const [first, second] = world.all;
    const [here, there, bobs] = await Promise.all([
      Wire.open(alice, first!),
      Wire.open(alice, second!),
      Wire.open(bob, first!),
    ]);
    return new SendingWorld(world, [alice, bob, carol], { here, there, bobs });
  }

  async stop(): Promise<void> {
    for (const wire of Object.values(this.wires)) wire.close();
    await this.world.stop();
  }

  group(name: string): Promise<string> {
    const [alice, bob, carol] = this.people;
    return alice.createsGroup(name, [bob, carol]);
  }

  async remove(by: Employee, conversationId: string, personId: string): Promise<void> {
    await by.client.call('removeMember', { params: { conversationId, personId } });
  }

  async add(conversationId: string, personId: string): Promise<void> {
    const body = { clientId: newId(), memberIds: [personId] };
    await this.people[0].client.call('addMembers', { params: { conversationId }, body });
  }

  async dissolve(conversationId: string): Promise<void> {
    const body = { clientId: newId() };
    await this.people[0].client.call('dissolveConversation', { params: { conversationId }, body });
  }

  query(sql: string, parameters?: unknown[]): Promise<unknown[]> {
    return this.world.database!.query(sql, parameters);
  }

  /** Keeps every change of these conversations waiting before its commit. @returns lets them go on */
  hold(...conversationIds: string[]): Promise<() => Promise<void>> {
    const sql = 'select id from messaging.conversation where id = any($1::uuid[]) order by id for update';
    return this.world.database!.hold(sql, [conversationIds]);
  }

  /** So many transactions wait for a lock. */
  async waits(count: number): Promise<void> {
    const sql = `select count(*)::int as waiting from pg_stat_activity
                  where datname = current_database() and wait_event_type = 'Lock'`;
    await eventually(`${count} transactions wait`, async () => {
      const [row] = await this.world.database!.query<{ waiting: number }>(sql);
      return row!.waiting >= count;
    });
  }

  /** Begins one after the other while nothing is committed here, then lets all go on at once. */
  async meeting<T>(conversationId: string, acts: readonly (() => Promise<T>)[]): Promise<T[]> {
    const release = await this.hold(conversationId);
    const underWay: Promise<T>[] = [];
    for (const act of acts) {
      underWay.push(act());
      await this.waits(underWay.length);
    }
    await release();
    return Promise.all(underWay);
  }

  /** Fills a batch: while one message of a writer is held before its commit, the others gather behind it. */
  async inOneBatch(conversationId: string, sends: () => Promise<Outcome>[]): Promise<Outcome[]> {
    const { here, bobs } = this.wires;
    const blocked = await this.beside(conversationId);
    const release = await this.hold(blocked);
    const first = here.send(blocked, text('goes before'));
    await this.waits(1);
    const rest = sends();
    await Promise.all([here.isHeard(), bobs.isHeard()]);
    await release();
    acked(await first);
    return Promise.all(rest);
  }

  /** Another group whose messages the same writer commits. */
  private async beside(conversationId: string): Promise<string> {
    for (;;) {
      const other = await this.group('beside');
      if (writerOf(other) === writerOf(conversationId)) return other;
    }
  }
}

/** Which of the two writers of a process commits what is said in a conversation. */
const writerOf = (conversationId: string): number =>
  createHash('md5').update(conversationId).digest()[0]! % 2;
