import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '#contracts';
import type { Crowd } from './crowd.js';

const patienceMs = 30_000;

/** Sends one message and waits until everybody has it. @returns milliseconds from sending to the last of them */
export async function broadcast(crowd: Crowd, conversationId: string, text: string): Promise<number> {
  const body = Buffer.from(JSON.stringify({ type: 'text', text }));
  crowd.forgetCounts();
  let received = 0;
  let last = 0;
  for (const device of crowd.devices) {
    device.onMessage = ({ body }) => {
      if (body?.type !== 'text' || body.text !== text) return;
      received += 1;
      last = performance.now();
    };
  }
  const from = performance.now();
  let refusal: string | undefined;
  crowd.devices[0]!.send(conversationId, newId(), body, (ack) => {
    if (typeof ack === 'string') refusal = ack;
  });
  while (received < crowd.devices.length) {
    crowd.requireNoFaults();
    if (refusal || performance.now() - from > patienceMs) {
      throw new Error(`${received} of ${crowd.devices.length} received it ${refusal ?? ''}`);
    }
    await pause(5);
  }
  // Whatever came twice would come now.
  await pause(200);
  crowd.requireNoFaults();
  if (received !== crowd.devices.length) throw new Error(`received ${received} times`);
  return last - from;
}
