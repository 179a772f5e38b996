import type { Violation } from '../checker.js';
import type { AnswerRecord, DeviceRecord, History, SendRecord } from '../history.js';
import type { TheLog } from './the-log.js';

type AckOf = Extract<AnswerRecord, { ack: unknown }>;
type RefusalOf = Extract<AnswerRecord, { refusal: string }>;

/** What senders were told: acknowledged is stored as it was sent, refused is not, and nothing is stored that nobody sent. */
export function* answersTrue({ devices }: History, log: TheLog): Generator<Violation> {
  const sends = new Map<string, SendRecord>();
  for (const { personId, sends: ofDevice } of devices) {
    for (const send of ofDevice) sends.set(`${personId} ${send.clientId}`, send);
  }
  const stored = storedMessages(log);
  for (const device of devices) yield* answersOf(device, log, stored);
  for (const [key, { conversationId, seq, text }] of stored) {
    const send = sends.get(key);
    const isAsSent = send?.conversationId === conversationId && send.text === text;
    if (isAsSent) continue;
    const evidence = `${key} at ${conversationId} ${seq} says ${text}, sent was ${send?.text ?? 'nothing'}`;
    yield { rule: 'stored is not what was sent', evidence };
  }
}

function* answersOf(
  device: DeviceRecord,
  log: TheLog,
  stored: ReadonlyMap<string, Stored>,
): Generator<Violation> {
  const answers = Map.groupBy(device.answers, ({ clientId }) => clientId);
  const lastSeqs = new Map<string, number>();
  for (const send of device.sends) {
    const given = answers.get(send.clientId) ?? [];
    const acks = given.filter((answer): answer is AckOf => 'ack' in answer);
    const who = `${send.clientId} of ${device.name}`;
    for (const { ack, via } of acks)
      yield* ackTrue(send, ack, `${who}, acknowledged by ${via}`, log, device.personId);
    const [first] = acks;
    if (first) {
      // A raw device sends without waiting, so its order is nobody's promise.
      const last = lastSeqs.get(send.conversationId) ?? 0;
      if (device.kind === 'sdk' && first.ack.seq < last) {
        yield { rule: 'not in the order of writing', evidence: `${who} at ${first.ack.seq} after ${last}` };
      }
      lastSeqs.set(send.conversationId, Math.max(last, first.ack.seq));
      continue;
    }
    const refusal = given.find((answer): answer is RefusalOf => 'refusal' in answer && answer.isLasting);
    const place = stored.get(`${device.personId} ${send.clientId}`);
    if (!refusal) {
      if (!send.isKept) continue;
      yield {
        rule: 'never answered',
        evidence: `${who} in ${send.conversationId}, sent at ${send.at} ms, ${refusalsOf(given)}`,
      };
    } else if (place && refusal.refusal !== 'internal') {
      yield {
        rule: 'refused and stored all the same',
        evidence: `${who}: ${refusal.refusal}, at ${place.seq}`,
      };
    }
  }
}

function* ackTrue(
  send: SendRecord,
  ack: AckOf['ack'],
  who: string,
  log: TheLog,
  personId: string,
): Generator<Violation> {
  const place = `${ack.conversationId} ${ack.seq}`;
  const event = log.event(ack.conversationId, ack.seq);
  if (ack.conversationId !== send.conversationId) {
    yield {
      rule: 'acknowledged at another place',
      evidence: `${who} for ${send.conversationId} at ${place}`,
    };
  }
  if (!event) {
    yield { rule: 'acknowledged and not stored', evidence: `${who}: nothing stands at ${place}` };
    return;
  }
  const isIt =
    event.type === 'message.created' &&
    event.messageId === ack.messageId &&
    event.clientId === send.clientId &&
    event.actorId === personId;
  if (!isIt)
    yield { rule: 'acknowledged and not stored', evidence: `${who}: at ${place} stands ${event.id}` };
}

const refusalsOf = (given: readonly AnswerRecord[]): string =>
  `${given.length} times put off, at last with ${given.map((answer) => ('refusal' in answer ? answer.refusal : '')).at(-1)}`;

interface Stored {
  conversationId: string;
  seq: number;
  text: string;
}

/** Messages by sender and client id. */
function storedMessages(log: TheLog): Map<string, Stored> {
  const stored = new Map<string, Stored>();
  for (const [conversationId, events] of log.conversations) {
    for (const event of events.values()) {
      if (event.type !== 'message.created') continue;
      const text = event.body?.type === 'text' ? event.body.text : 'no text';
      stored.set(`${event.actorId} ${event.clientId}`, { conversationId, seq: event.seq, text });
    }
  }
  return stored;
}
