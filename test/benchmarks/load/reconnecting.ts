import type { Crowd } from './crowd.js';
import { eachAtOnce } from './crowd.js';
import { Histogram, type Latency } from './histogram.js';
import type { Target } from './socket.js';

/** A message that is sent while its readers are away. */
export interface MissedMessage {
  /** Place of its sender in the crowd. */
  from: number;
  conversationId: string;
}

export interface ReconnectResult {
  seconds: number;
  /** From the first try to being up to date. */
  each: Latency;
  errors: Record<string, number>;
  messages: number;
}

const sendsAtOnce = 2000;
const body = Buffer.from(
  JSON.stringify({
    type: 'text',
    text: '请各部门在今天下班以前把本周的工作总结和下周的计划发到办公室谢谢大家配合',
  }),
);

/** Sends what everybody will have missed. Throws where one is refused. */
export async function sendMissed(crowd: Crowd, messages: readonly MissedMessage[]): Promise<void> {
  const run = Date.now().toString(36);
  let sent = 0;
  await eachAtOnce(messages, sendsAtOnce, ({ from, conversationId }) => {
    const clientId = `${run}-${sent++}`;
    return new Promise<void>((resolve, reject) =>
      crowd.devices[from]!.send(conversationId, clientId, body, (ack) =>
        typeof ack === 'string' ? reject(new Error(`a message was refused: ${ack}`)) : resolve(),
      ),
    );
  });
}

/** All at the same moment. Throws unless each gets exactly what it missed. */
export async function reconnectAll(
  crowd: Crowd,
  target: Target,
  missedEach: number,
): Promise<ReconnectResult> {
  const each = new Histogram();
  const errors: Record<string, number> = {};
  crowd.forgetCounts();
  const from = performance.now();
  await Promise.all(
    crowd.devices.map(async (device) => {
      try {
        await device.connect(target);
        await device.sync();
        each.record((performance.now() - from) * 1000);
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        errors[text] = (errors[text] ?? 0) + 1;
      }
    }),
  );
  const seconds = (performance.now() - from) / 1000;
  crowd.requireNoFaults();
  if (Object.keys(errors).length === 0) requireAll(crowd, missedEach);
  const messages = crowd.total(({ told }) => messagesIn(told.values()));
  return { seconds, each: each.summary(), errors, messages };
}

function requireAll(crowd: Crowd, missedEach: number): void {
  for (const { told } of crowd.devices) {
    const messages = messagesIn(told.values());
    if (messages !== missedEach) throw new Error(`somebody got ${messages} of ${missedEach} messages`);
  }
}

const messagesIn = (told: Iterable<{ messages: number }>): number =>
  [...told].reduce((sum, { messages }) => sum + messages, 0);
