import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryStore } from '#client';
import { newId } from '#contracts';
import { messagesOf, World, type Employee } from '#testing';

const quietConversations = 20_000;
const months = 13;
const messagesAMonth = 200;

let world: World;
let alice: Employee;
let bob: Employee;

beforeAll(async () => {
  world = await World.start();
  [alice, bob] = (await world.signIn(2)) as [Employee, Employee];
}, 60_000);
afterAll(() => world?.stop(), 30_000);

/** Passes everything on and counts what devices say. */
class CountingLine {
  sentBytes = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(port: number) {
    this.server = createServer((client) => {
      const upstream = connect(port, '127.0.0.1');
      this.sockets.add(client).add(upstream);
      client.on('data', (bytes) => (this.sentBytes += bytes.length));
      client.pipe(upstream).pipe(client);
      for (const socket of [client, upstream]) {
        socket.on('error', () => {}).on('close', () => (client.destroy(), upstream.destroy()));
      }
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

describe('a person in 20,000 conversations', () => {
  it('comes back with 2 kB sent, and has what was missed', async () => {
    const line = new CountingLine(world.port);
    const device = await bob.signsIn({ baseUrl: await line.open() });
    await world.database!.query(quietSql, [bob.id, quietConversations]);
    try {
      const chat = await alice.opensDirect(bob);
      const group = await alice.createsGroup('new meanwhile', [bob]);
      await device.reaches(group, 1);
      device.close();
      const acks = [await alice.sends(chat, 'one'), await alice.sends(group, 'two')];
      const unheardOf = await alice.createsGroup('unheard of', [bob]);
      const before = line.sentBytes;
      await device.client.open(device.client.user!);
      await device.reaches(chat, acks[0]!.seq);
      await device.reaches(group, acks[1]!.seq);
      await device.reaches(unheardOf, 1);
      expect(line.sentBytes - before).toBeLessThanOrEqual(2048);
    } finally {
      device.close();
      line.close();
    }
  }, 60_000);
});

describe('a conversation of a year', () => {
  let group: string;
  let since: { epoch: string; position: string };

  beforeAll(async () => {
    group = newId();
    const [now] = await world.database!.query<{ e: string; pos: string }>(
      'select epoch as e, pos from persistence.installation, persistence.log_head where log_head.id = 0',
    );
    // What a device stored that was connected last before all of this.
    const at = Date.now() - (months + 1) * 31 * 86_400_000;
    const place = { e: now!.e, pos: Number(now!.pos), at };
    since = { epoch: now!.e, position: Buffer.from(JSON.stringify(place)).toString('base64url') };
    for (const statement of yearSql) {
      await world.database!.query(statement.sql, statement.values(group, [alice.id, bob.id]));
    }
  }, 60_000);

  it('is caught up with, whole and in order, by a device that was away all the time', async () => {
    const store = new MemoryStore();
    await store.storePosition(since);
    const device = await bob.signsIn({ store: () => store });
    const last = 1 + months * messagesAMonth;
    await device.reaches(group, last);
    expect(device.log(group).map(({ seq }) => seq)).toEqual(Array.from({ length: last }, (_, i) => i + 1));
    expect(messagesOf(device.log(group))).toHaveLength(months * messagesAMonth);
    const ack = await alice.sends(group, 'after a year');
    await device.sees(group, 'after a year');
    expect(ack.seq).toBe(last + 1);
  }, 60_000);

  it('opens at any date', async () => {
    const { items: newest } = await bob.client.call('messages', { params: { conversationId: group } });
    const newestSeq = newest.at(-1)!.seq;
    for (const monthsAgo of [0.5, 3.25, 7.5, 11.9]) {
      const at = new Date(Date.now() - monthsAgo * 30 * 86_400_000).toISOString();
      const { items } = await bob.client.call('messages', {
        params: { conversationId: group },
        query: { at, limit: 20 },
      });
      const first = items.findIndex((item) => item.at >= at);
      expect(first).toBeGreaterThan(0);
      expect(items.slice(0, first).every((item) => item.at < at)).toBe(true);
      expect(items.slice(first).every((item) => item.at >= at && item.seq <= newestSeq)).toBe(true);
    }
    const early = await bob.client.call('messages', {
      params: { conversationId: group },
      query: { at: '2001-01-01T00:00:00.000Z' },
    });
    expect(early.items[0]!.seq).toBe(2);
  });
});

/** Conversations of a person in which nothing happens any more. */
const quietSql = `
  with quiet as (
    insert into messaging.conversation (id, kind, name, created_at, head_seq, head_pos, last_at, member_count)
    select gen_random_uuid(), 'group', 'quiet ' || n, now() - interval '1 year', 1, 0, now() - interval '1 year', 1
      from generate_series(1, $2::int) as n returning id)
  insert into messaging.membership (conversation_id, person_id, joined_seq, joined_pos, role, read_seq, read_event_at)
  select id, $1, 1, 0, 'owner', 1, now() - interval '1 year' from quiet`;

const dates = `
  select n as seq, date_trunc('month', now()) - make_interval(months => ${months}) + ((n - 2) / ${messagesAMonth}) * interval '1 month'
           + ((n - 2) % ${messagesAMonth}) * interval '3 hours' as at
    from generate_series(2, ${1 + months * messagesAMonth}) as n`;

const ofGroup = (group: string) => [group];

/** A group with messages in each of the months before this one, as they were written then; their contents have expired. */
const yearSql: { sql: string; values: (group: string, people: string[]) => unknown[] }[] = [
  {
    sql: `select messaging.ensure_month('event', (date_trunc('month', now()) - make_interval(months => n))::date)
            from generate_series(0, ${months}) as n`,
    values: () => [],
  },
  {
    sql: `with head as (update persistence.log_head set pos = pos + ${1 + months * messagesAMonth} where id = 0
                        returning pos - ${1 + months * messagesAMonth} as before),
               written as (select 1 as seq, min(at) as at from (${dates}) as d union all ${dates})
          insert into messaging.event (conversation_id, seq, at, pos, id, type, actor_id, actor_kind, client_id, message_id,
                                       content_bucket, meta)
          select $1::uuid, seq, at, head.before + seq, gen_random_uuid(),
                 case when seq = 1 then 'conversation.created' else 'message.created' end,
                 ($2::uuid[])[1], 'person', 'year-' || seq, case when seq > 1 then gen_random_uuid() end,
                 case when seq > 1 then date_trunc('month', at)::date end,
                 convert_to(case when seq = 1
                   then json_build_object('kind', 'group', 'name', 'of a year', 'memberIds', $2::uuid[])::text else '{}' end, 'UTF8')
            from written, head`,
    values: (group, people) => [group, people],
  },
  {
    sql: `insert into messaging.segment (conversation_id, month, first_seq)
          select conversation_id, date_trunc('month', at)::date, min(seq) from messaging.event
           where conversation_id = $1 group by 1, 2`,
    values: ofGroup,
  },
  {
    sql: `insert into messaging.conversation (id, kind, name, created_at, head_seq, head_pos, last_at, last_message_seq,
                                              last_message_at, member_count)
          select conversation_id, 'group', 'of a year', min(at), max(seq), max(pos), max(at), max(seq), max(at), 2
            from messaging.event where conversation_id = $1 group by 1`,
    values: ofGroup,
  },
  {
    sql: `insert into messaging.membership (conversation_id, person_id, joined_seq, joined_pos, role, read_seq, read_event_at)
          select e.conversation_id, person, 1, e.pos, case when person = ($2::uuid[])[1] then 'owner' else 'member' end, 1, e.at
            from messaging.event e, unnest($2::uuid[]) as person where e.conversation_id = $1 and e.seq = 1`,
    values: (group, people) => [group, people],
  },
];
