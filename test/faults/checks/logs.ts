import type { Violation } from '../checker.js';
import { seen, type History, type ReadLog } from '../history.js';
import type { TheLog } from './the-log.js';

/** The log itself: no hole, nothing twice, the same for all its members, each of whom reads all that is theirs. */
export function* logsWhole({ logs }: History, log: TheLog): Generator<Violation> {
  for (const read of logs) {
    yield* holesOf(read);
    yield* differencesOf(read, log);
    yield* shortenedOf(read, log);
  }
  yield* doublesIn(log);
}

function* holesOf({ conversationId, personId, floorSeq, headSeq, events }: ReadLog): Generator<Violation> {
  let last = floorSeq;
  let at = '';
  for (const event of events) {
    if (event.seq !== last + 1) {
      const evidence = `${conversationId} as ${personId} reads it goes from ${last} to ${event.seq}`;
      yield { rule: 'the log has a hole', evidence };
    }
    if (event.at < at) {
      yield {
        rule: 'time goes back along the log',
        evidence: `${conversationId} ${event.seq}: ${event.at} after ${at}`,
      };
    }
    last = event.seq;
    ({ at } = event);
  }
  if (last !== headSeq) {
    const evidence = `${conversationId} as ${personId} reads it ends at ${last}, its head is ${headSeq}`;
    yield { rule: 'the log has a hole', evidence };
  }
}

function* differencesOf({ conversationId, personId, events }: ReadLog, log: TheLog): Generator<Violation> {
  for (const event of events) {
    const other = log.at(conversationId, event.seq);
    if (other?.print === seen(event).print) continue;
    const evidence = `${conversationId} ${event.seq} is ${event.id} for ${personId}, ${other?.id} for another member`;
    yield { rule: 'members read different logs', evidence };
  }
}

/** Whoever came and went several times reads their latest stay. */
function* shortenedOf(read: ReadLog, log: TheLog): Generator<Violation> {
  const { conversationId, personId, floorSeq, headSeq } = read;
  if (conversationId === personId) return;
  const stay = log.staysOf(personId, conversationId).at(-1);
  const from = stay && stay.from - 1;
  const to = stay && Math.min(stay.to, log.headOf(conversationId));
  if (floorSeq === from && headSeq === to) return;
  const evidence = `${personId} reads ${conversationId} from ${floorSeq} to ${headSeq}, was there from ${from} to ${to}`;
  yield { rule: 'a member reads another stretch than that of their membership', evidence };
}

function* doublesIn(log: TheLog): Generator<Violation> {
  const places = new Map<string, string>();
  for (const [conversationId, events] of log.conversations) {
    for (const event of events.values()) {
      const place = `${conversationId} ${event.seq}`;
      const keys = [`event ${event.id}`];
      if (event.type === 'message.created') keys.push(`message ${event.clientId} of ${event.actorId}`);
      for (const key of keys) {
        const other = places.get(key);
        if (other)
          yield { rule: 'something is stored twice', evidence: `${key} at ${other} and at ${place}` };
        places.set(key, place);
      }
    }
  }
}
