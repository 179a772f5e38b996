import { Crowd } from './crowd.js';
import type { LoadPerson } from './device.js';
import { broadcast } from './broadcast.js';
import { reconnectAll, sendMissed, type MissedMessage, type ReconnectResult } from './reconnecting.js';
import { Sending, type SendingPlan, type SendingResult } from './sending.js';
import type { Target } from './socket.js';
import { proxyTls } from './tls.js';

const crowd = new Crowd();
/** What a refusal asks for, `retryAfterMs`, is this long where queues are full. */
const refusedPauseMs = 250;

/** What a load process does when asked. Inputs and answers are plain data. */
export const jobs = {
  connect: async ({ target, people, sync }: { target: Target; people: LoadPerson[]; sync: boolean }) => {
    const from = performance.now();
    await crowd.connect(target, people, sync);
    return { seconds: (performance.now() - from) / 1000 };
  },

  /** Everybody keeps so many sends on their way: the next leaves when one is answered. */
  closedLoop: (plan: SendingPlan & { inFlight: number }): Promise<SendingResult> => {
    const sending = new Sending(crowd, plan);
    let isRunning = true;
    const next = (place: number) => {
      if (!isRunning) return;
      sending.send(place, performance.now(), (isRefused) => {
        if (isRefused) setTimeout(() => next(place), refusedPauseMs);
        else next(place);
      });
    };
    crowd.devices.forEach((_, place) => {
      for (let i = 0; i < plan.inFlight; i += 1) next(place);
    });
    return sending.measure(() => (isRunning = false));
  },

  /** Sends leave by the clock, however long answers take; latency counts from the time at which one was due. */
  openLoop: (plan: SendingPlan & { perSecond: number }): Promise<SendingResult> => {
    const sending = new Sending(crowd, plan);
    const begin = performance.now();
    let sent = 0;
    const timer = setInterval(() => {
      const now = performance.now();
      for (; begin + (sent * 1000) / plan.perSecond <= now; sent += 1) {
        sending.send((sent * 7919) % crowd.devices.length, begin + (sent * 1000) / plan.perSecond, () => {});
      }
    }, 1);
    return sending.measure(() => clearInterval(timer));
  },

  /** What comes from here on is missed: devices keep the position and the logs they have. */
  sendMissed: async (messages: MissedMessage[]) => {
    for (const device of crowd.devices) device.isDeaf = true;
    await sendMissed(crowd, messages);
    for (const device of crowd.devices) device.close();
    for (const device of crowd.devices) device.isDeaf = false;
  },

  reconnect: ({ target, missedEach }: { target: Target; missedEach: number }): Promise<ReconnectResult> =>
    reconnectAll(crowd, target, missedEach),

  broadcast: ({ conversationId, text }: { conversationId: string; text: string }): Promise<number> =>
    broadcast(crowd, conversationId, text),

  proxyTls: ({ upstream }: { upstream: number }): Promise<number> => proxyTls(upstream),

  close: async () => {
    crowd.requireNoFaults();
    crowd.close();
    await Promise.resolve();
  },
} as const;

export type JobName = keyof typeof jobs;
export type JobInput<N extends JobName> = Parameters<(typeof jobs)[N]>[0];
export type JobAnswer<N extends JobName> = Awaited<ReturnType<(typeof jobs)[N]>>;
