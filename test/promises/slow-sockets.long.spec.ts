import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { eventually, World, type Employee } from '#testing';

const mebibyte = 1024 * 1024;
/** The longest text there may be. */
const long = '文'.repeat(5461);

let world: World;
let alice: Employee;
let bob: Employee;

beforeAll(async () => {
  world = await World.start({ metrics: true, settings: { SENDS_PER_SECOND: '10000' } });
  [alice, bob] = (await world.signIn(2)) as [Employee, Employee];
}, 60_000);
afterAll(() => world?.stop(), 30_000);

/** A line to the service that can stop passing on what the service says. */
class Line {
  private readonly server: Server;
  private readonly upstreams = new Set<Socket>();

  constructor(port: number) {
    this.server = createServer((client) => {
      const upstream = connect(port, '127.0.0.1');
      this.upstreams.add(upstream);
      client.pipe(upstream).pipe(client);
      const end = () => {
        this.upstreams.delete(upstream);
        client.destroy();
        upstream.destroy();
      };
      for (const socket of [client, upstream]) socket.on('close', end).on('error', end);
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  pause(): void {
    for (const upstream of this.upstreams) upstream.unpipe().pause();
  }

  /** What was held up is lost with the connection; the device opens another one. */
  cut(): void {
    for (const upstream of this.upstreams) upstream.destroy();
  }

  close(): void {
    this.cut();
    this.server.close();
  }
}

/** 16 MB in all: more than every buffer between two sockets. */
const lanes = 20;
const eachLane = 50;

async function sendsOneByOne(conversationId: string, lane: number): Promise<void> {
  for (let i = 0; i < eachLane; i += 1) {
    const text = `${lane} ${i}`.padEnd(9) + long.slice(9);
    const body = { clientId: `slow-${lane}-${i}`, body: { type: 'text' as const, text } };
    await alice.client.call('sendMessage', { params: { conversationId }, body });
  }
}

/** The most that waited for sockets while something was done, as the service counts it. */
async function mostWaiting(work: Promise<unknown>): Promise<number> {
  let most = 0;
  let isDone = false;
  const done = work.finally(() => (isDone = true));
  await eventually(
    'the work is done',
    async () => {
      most = Math.max(most, await world.metric('chancery_socket_waiting_bytes'));
      return isDone;
    },
    60_000,
  );
  await done;
  return most;
}

describe('a socket that does not read', () => {
  it('costs bounded memory, holds nobody up, and misses nothing', async () => {
    const line = new Line(world.port);
    const slow = await bob.signsIn({ baseUrl: await line.open() });
    try {
      const chat = await alice.opensDirect(bob);
      await slow.reaches(chat, 1);
      line.pause();
      const most = await mostWaiting(
        Promise.all(Array.from({ length: lanes }, (_, lane) => sendsOneByOne(chat, lane))),
      );
      expect(most).toBeLessThan(3 * mebibyte);
      await eventually(
        'the socket is pulling',
        async () => (await world.metric('chancery_connections_pulling')) === 1,
      );
      const stored = (await alice.client.call('conversation', { params: { conversationId: chat } })).headSeq;
      expect(stored).toBe(1 + lanes * eachLane);
      // The other device of the same person was not held up.
      await bob.device.reaches(chat, stored);
      line.cut();
      await eventually('the slow one has all of it', () => slow.client.cursor(chat) === stored, 30_000);
      expect(slow.log(chat).map(({ seq }) => seq)).toEqual(Array.from({ length: stored }, (_, i) => i + 1));
    } finally {
      line.close();
    }
  }, 120_000);

  it('and goes on asking is not listened to until it has read', async () => {
    const chat = await alice.opensDirect(bob);
    const socket = io(world.address, {
      transports: ['websocket'],
      forceNew: true,
      auth: { token: await bob.client.session.token() },
    });
    await new Promise<void>((resolve) => socket.once('session.ready', () => resolve()));
    const web = (socket.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } }).ws;
    try {
      web.pause();
      let answered = 0;
      const asking = Array.from({ length: 1000 }, () =>
        socket
          .timeout(60_000)
          .emitWithAck('events.pull', { conversationId: chat, after: 0, limit: 20 })
          .then(({ ok }: { ok: boolean }) => (answered += ok ? 1 : 0)),
      );
      // Meanwhile the service serves others.
      const most = await mostWaiting(
        (async () => {
          for (let i = 0; i < 20; i += 1) await alice.sends(chat, `meanwhile ${i}`);
        })(),
      );
      expect(most).toBeLessThan(48 * mebibyte);
      expect(answered).toBe(0);
      web.resume();
      await eventually('it is listened to again', () => answered > 20, 30_000);
      socket.disconnect();
      await Promise.allSettled(asking);
    } finally {
      socket.disconnect();
    }
  }, 120_000);
});
