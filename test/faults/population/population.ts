import { setTimeout as pause } from 'node:timers/promises';
import { Http } from '#client';
import { eventually } from '#testing';
import type { History } from '../history.js';
import type { Random } from '../random.js';
import { beginTalks, changeMembers, type Person, type Talk } from './conversations.js';
import { RawDevice } from './raw-device.js';
import { readLogs } from './read-logs.js';
import { SdkDevice, type ClientClass } from './sdk-device.js';

/** Of all devices, those that are bare sockets. */
const rawShare = 1 / 4;
const skewsMs = [0, 0, 0, -3_600_000, 86_400_000];
const settleMs = 60_000;
/** Beyond so many things under way nobody begins another one: a machine that is too slow for the pace sets its own. */
const mostErrands = 400;

export interface PopulationOptions {
  ClientClass: ClientClass;
  /** Origin of the service, and each process that takes messages, by ways that may be cut. */
  front: string;
  doors: readonly string[];
  /** Origin of the service, by a way that is never cut. */
  sureWay: string;
  tokens: readonly string[];
  clients: number;
  random: Random;
  actsPerSecond: number;
}

/** People with their devices, who write, come and go. */
export class Population {
  private readonly began = performance.now();
  private readonly sdk: SdkDevice[] = [];
  private readonly raw: RawDevice[] = [];
  private readonly errands = new Set<Promise<void>>();
  private talks: Talk[] = [];
  private isOver = false;
  /** Something here broke, which is a fault of the test or of the SDK. */
  readonly faults: unknown[] = [];

  private constructor(
    private readonly options: PopulationOptions,
    private readonly people: readonly Person[],
  ) {}

  static async gather(options: PopulationOptions): Promise<Population> {
    const people = await Promise.all(options.tokens.map((token) => personOf(token, options.sureWay)));
    const population = new Population(options, people);
    population.talks = await beginTalks(people, options.random.stream('talks'));
    await population.bringDevices();
    return population;
  }

  /** Goes on for so long. */
  async live(durationMs: number): Promise<void> {
    const random = this.options.random.stream('acts');
    const ends = this.now() + durationMs;
    for (let at = this.now(); at < ends && !this.isOver; at += random.gapMs(this.options.actsPerSecond)) {
      const wait = at - this.now();
      if (wait > 0) await pause(wait);
      this.act(random);
    }
  }

  /** Everybody comes back, and everything is answered and told as far as it ever will be. */
  async settle(): Promise<void> {
    const devices = [...this.sdk, ...this.raw];
    const hurry = setInterval(() => this.sdk.forEach((device) => device.hurry()), 500);
    try {
      // What does not become so is a violation, with more to show than that it took too long.
      await eventually('everything is answered', () => devices.every(isAtRest), settleMs).catch(() => {});
      this.isOver = true;
      for (const device of this.raw) device.giveUp();
      for (const device of this.sdk) device.reconnect();
      await eventually('everybody is back', () => devices.every(({ isLive }) => isLive)).catch(() => {});
    } finally {
      clearInterval(hurry);
    }
    await eventually('everything that was begun has ended', () => this.errands.size === 0, settleMs);
  }

  /** What everybody was told, and what the log says in the end. */
  async history(): Promise<History> {
    const devices = [...this.sdk, ...this.raw].map(({ record }) => record);
    const logs = await readLogs(this.people, devices);
    const isTold = () =>
      logs.every(({ personId, conversationId, headSeq }) =>
        this.sdk.every(
          (device) => device.record.personId !== personId || device.cursor(conversationId) >= headSeq,
        ),
      );
    await eventually('everything is told', isTold).catch(() => {});
    await Promise.all(this.sdk.map((device) => device.finish()));
    return { devices, logs };
  }

  close(): void {
    this.isOver = true;
    for (const device of [...this.sdk, ...this.raw]) device.close();
  }

  private now(): number {
    return performance.now() - this.began;
  }

  private async bringDevices(): Promise<void> {
    const { clients, random, front, doors, ClientClass } = this.options;
    const now = () => Math.round(this.now());
    for (let i = 0; i < clients; i += 1) {
      const person = this.people[i % this.people.length]!;
      const { me, token } = person;
      const own = random.stream(`device ${i}`);
      const common = { name: `device-${i}`, me, token, random: own, skewMs: own.one(skewsMs), now };
      if (own.chance(rawShare)) this.raw.push(new RawDevice({ ...common, addresses: doors }));
      else this.sdk.push(new SdkDevice({ ...common, ClientClass, baseUrl: front }));
    }
    for (const device of this.raw) device.open();
    await Promise.all(this.sdk.map((device) => device.open()));
    await eventually('all devices are connected', () => this.devices.every(({ isLive }) => isLive), settleMs);
  }

  private get devices(): (SdkDevice | RawDevice)[] {
    return [...this.sdk, ...this.raw];
  }

  private act(random: Random): void {
    const kind = random.next();
    const device = random.one(this.devices);
    if (kind < 0.9) {
      const theirs = this.talks.filter(({ people }) =>
        people.some(({ me }) => me.id === device.record.personId),
      );
      const count = random.chance(0.03) ? random.whole(5, 60) : 1;
      if (theirs.length === 0) return;
      const { id } = random.one(theirs);
      for (let i = 0; i < count; i += 1)
        this.run(() => device.send(id, `${device.record.name} ${random.next()}`));
    } else if (kind < 0.93) {
      device.reconnect();
    } else if (kind < 0.95) {
      const talk = random.one(this.talks.filter(({ isChanging }) => isChanging));
      this.run(() => changeMembers(talk, random, () => this.isOver));
    } else if (device instanceof SdkDevice) {
      if (kind < 0.98) this.run(() => device.crash());
      else this.run(() => this.away(device, random.whole(200, 8000)));
    }
  }

  private async away(device: SdkDevice, forMs: number): Promise<void> {
    device.close();
    await pause(forMs);
    await device.wakeUp();
  }

  private run(begin: () => Promise<void>): void {
    if (this.errands.size >= mostErrands) return;
    const kept = begin()
      .catch((error: unknown) => void this.faults.push(error))
      .finally(() => this.errands.delete(kept));
    this.errands.add(kept);
  }
}

const isAtRest = ({ isLive, waiting }: SdkDevice | RawDevice): boolean => isLive && waiting === 0;

async function personOf(token: string, address: string): Promise<Person> {
  const http = new Http(address);
  const fixed = () => Promise.resolve(token);
  http.use({ token: fixed, renewed: fixed });
  return { me: await http.call('me', {}), token, http };
}
