import { setTimeout as pause } from 'node:timers/promises';
import type { Ack } from '#contracts';
import { makeBodies, randomFrom } from './bodies.js';
import type { Crowd } from './crowd.js';
import { fingerprint, type LoadDevice } from './device.js';
import { Histogram, type Latency } from './histogram.js';

/** A conversation of the load: who of the crowd is in it, by place, and what part of the sends it gets from them. */
export interface LoadConversation {
  id: string;
  kind: 'direct' | 'group' | 'large';
  online: number[];
}

export interface SendingPlan {
  conversations: LoadConversation[];
  /** Part of the sends that go to each kind. */
  shares: Partial<Record<LoadConversation['kind'], number>>;
  warmMs: number;
  measureMs: number;
  seed: number;
}

export interface SendingResult {
  /** Within the measured time. */
  acked: number;
  delivered: number;
  seconds: number;
  ackLatency: Latency;
  receiveLatency: Latency;
  /** In all, with the time of warming up and of the end. */
  ackedInAll: number;
  deliveredInAll: number;
  refusals: Record<string, number>;
  sentByKind: Record<string, number>;
  pulls: number;
}

const settlePatienceMs = 60_000;

/** What all ways of sending share: who sends what where, what was acknowledged, and whether it all arrived. */
export class Sending {
  readonly ackLatency = new Histogram();
  readonly receiveLatency = new Histogram();
  readonly result = { acked: 0, delivered: 0, refusals: {} as Record<string, number> };
  readonly sentByKind: Record<string, number> = {};
  underway = 0;
  isMeasuring = false;
  private readonly acknowledged = new Map<string, { messages: number; sum: number }>();
  private readonly begun = new Map<string, number>();
  private readonly choices: Choices[];
  private readonly bodies: Buffer[];
  private readonly draw: () => number;
  private readonly run = Date.now().toString(36);
  private sends = 0;

  constructor(
    private readonly crowd: Crowd,
    private readonly plan: SendingPlan,
  ) {
    this.draw = randomFrom(plan.seed);
    this.bodies = makeBodies(plan.seed);
    this.choices = choicesOf(crowd.devices.length, plan);
    crowd.forgetCounts();
    for (const device of crowd.devices) this.listen(device);
  }

  /** @param since when the latency of this send begins, by performance.now() */
  send(place: number, since: number, done: (isRefused: boolean) => void): void {
    const device = this.crowd.devices[place]!;
    const conversation = this.choices[place]!.draw(this.draw);
    const clientId = `${this.run}-${this.sends}`;
    const body = this.bodies[this.sends++ % this.bodies.length]!;
    this.sentByKind[conversation.kind] = (this.sentByKind[conversation.kind] ?? 0) + 1;
    this.begun.set(clientId, since);
    this.underway += 1;
    device.send(conversation.id, clientId, body, (ack) => {
      this.underway -= 1;
      this.settle(ack, clientId, since);
      done(typeof ack === 'string');
    });
  }

  /** Runs from the start of the load to the proof that everything acknowledged arrived. */
  async measure(stop: () => void): Promise<SendingResult> {
    const { warmMs, measureMs } = this.plan;
    await pause(warmMs);
    this.isMeasuring = true;
    const from = performance.now();
    await pause(measureMs);
    this.isMeasuring = false;
    const seconds = (performance.now() - from) / 1000;
    stop();
    await this.arrive();
    return {
      ...this.result,
      seconds,
      ackLatency: this.ackLatency.summary(),
      receiveLatency: this.receiveLatency.summary(),
      ackedInAll: this.sum(this.acknowledged.values()),
      deliveredInAll: this.crowd.total(({ told }) => this.sum(told.values())),
      sentByKind: this.sentByKind,
      pulls: this.crowd.total(({ pulls }) => pulls),
    };
  }

  private listen(device: LoadDevice): void {
    const { id } = device.person;
    device.onMessage = ({ clientId, actorId }) => {
      if (!this.isMeasuring) return;
      this.result.delivered += 1;
      const since = clientId === null || actorId === id ? undefined : this.begun.get(clientId);
      if (since !== undefined) this.receiveLatency.record((performance.now() - since) * 1000);
    };
  }

  private settle(ack: Ack | string, clientId: string, since: number): void {
    if (typeof ack === 'string') {
      this.result.refusals[ack] = (this.result.refusals[ack] ?? 0) + 1;
      this.begun.delete(clientId);
      return;
    }
    const known = this.acknowledged.get(ack.conversationId) ?? { messages: 0, sum: 0 };
    known.messages += 1;
    known.sum += fingerprint(ack.messageId, ack.seq);
    this.acknowledged.set(ack.conversationId, known);
    if (!this.isMeasuring) return;
    this.result.acked += 1;
    this.ackLatency.record((performance.now() - since) * 1000);
  }

  /** Throws unless every message acknowledged reached every member once, at its place, and nothing else did. */
  private async arrive(): Promise<void> {
    const deadline = Date.now() + settlePatienceMs;
    while (this.underway > 0 || this.differing() !== undefined) {
      this.crowd.requireNoFaults();
      if (Date.now() > deadline) {
        throw new Error(`not everything arrived: ${this.underway} without an answer; ${this.differing()}`);
      }
      await pause(50);
    }
    this.crowd.requireNoFaults();
  }

  private differing(): string | undefined {
    for (const { id, online } of this.plan.conversations) {
      const wanted = this.acknowledged.get(id) ?? { messages: 0, sum: 0 };
      for (const place of online) {
        const told = this.crowd.devices[place]!.told.get(id) ?? { messages: 0, sum: 0 };
        if (told.messages !== wanted.messages || told.sum !== wanted.sum) {
          return `${id}: ${wanted.messages} acknowledged, ${told.messages} received by ${place}`;
        }
      }
    }
    return undefined;
  }

  private sum(parts: Iterable<{ messages: number }>): number {
    return [...parts].reduce((sum, { messages }) => sum + messages, 0);
  }
}

/** Where one person sends to. */
class Choices {
  private readonly kinds: { upTo: number; conversations: LoadConversation[]; weights: number[] }[] = [];

  constructor(mine: readonly LoadConversation[], shares: SendingPlan['shares']) {
    const present = Object.entries(shares).filter(([kind]) => mine.some((one) => one.kind === kind));
    const whole = present.reduce((sum, [, share]) => sum + share, 0);
    let upTo = 0;
    for (const [kind, share] of present) {
      upTo += share / whole;
      const conversations = mine.filter((one) => one.kind === kind);
      // A conversation of many has many who may send to it: weighed like this, each is as busy as the others.
      let sum = 0;
      const weights = conversations.map(({ online }) => (sum += 1 / online.length));
      this.kinds.push({ upTo, conversations, weights });
    }
  }

  draw(draw: () => number): LoadConversation {
    const kindDrawn = draw();
    const { conversations, weights } = this.kinds.find(({ upTo }) => kindDrawn < upTo) ?? this.kinds.at(-1)!;
    const drawn = draw() * weights.at(-1)!;
    return conversations[weights.findIndex((upTo) => drawn < upTo)]!;
  }
}

function choicesOf(count: number, { conversations, shares }: SendingPlan): Choices[] {
  const mine: LoadConversation[][] = Array.from({ length: count }, () => []);
  for (const conversation of conversations) {
    for (const place of conversation.online) mine[place]!.push(conversation);
  }
  return mine.map((own) => new Choices(own, shares));
}
