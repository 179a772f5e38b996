import type { Ack } from '#contracts';
import { queryOnce } from './test-database.store.js';

/** What a log does not keep of the promise: acknowledged messages that are missing, and conversations with a fault. */
export interface LogFaults {
  /** Not at the place that was acknowledged. */
  lost: string[];
  /** With a hole, or with something twice. */
  broken: string[];
}

export const noFaults: LogFaults = { lost: [], broken: [] };

export async function logFaults(url: string, acks: readonly Ack[]): Promise<LogFaults> {
  // What is acknowledged while the log is being read may not be in the answer.
  const known = [...acks];
  const stored = await queryOnce<{ id: string; place: string }>(
    url,
    `select message_id as id, conversation_id || ' ' || seq as place from messaging.event where message_id is not null`,
  );
  const places = new Map(stored.map(({ id, place }) => [id, place]));
  const broken = await queryOnce<{ id: string }>(
    url,
    `select conversation_id as id from messaging.event group by 1
     having count(*) <> max(seq) or count(*) <> count(distinct seq) or count(client_id) <> count(distinct client_id)`,
  );
  return {
    lost: known
      .filter(({ messageId, conversationId, seq }) => places.get(messageId) !== `${conversationId} ${seq}`)
      .map(({ messageId }) => messageId),
    broken: broken.map(({ id }) => id),
  };
}
