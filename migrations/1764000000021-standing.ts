import { SqlMigration } from './sql-migration.js';

/** Locks conversations and says what their actors may do, in one call of the hot path. */
export class Standing1764000000021 extends SqlMigration {
  protected readonly statements = [
    // Row by row through the keys, whatever the statistics say: they are as old as the last analysis, and after a
    // quiet time a plan made from them scans tables that have grown by thousands of rows since.
    `create function messaging.standing(conversations uuid[], persons uuid[], clients text[])
     returns table (place bigint, role text, joined_seq bigint, request_mac bytea, key_conversation uuid,
                    key_seq bigint, key_message uuid, key_at timestamptz)
     language plpgsql stable set enable_seqscan = off as $$
     begin
       return query
       select act.place, m.role, m.joined_seq, k.request_mac, k.conversation_id, k.seq, k.message_id, k.at
         from unnest(conversations, persons, clients) with ordinality as act (conversation, person, client, place)
         left join lateral (
           select s.role, s.joined_seq from messaging.membership s
            where s.conversation_id = act.conversation and s.person_id = act.person and s.left_seq is null
            limit 1) m on true
         left join lateral (
           select s.request_mac, s.conversation_id, s.seq, s.message_id, s.at from messaging.send_key s
            where s.sender_id = act.person and s.client_id = act.client
            limit 1) k on true;
     end $$`,
    // The second statement of a volatile function sees what was committed while the first one waited for its locks.
    `create function messaging.lock_and_stand(conversations uuid[], persons uuid[], clients text[])
     returns table (place bigint, role text, joined_seq bigint, request_mac bytea, key_conversation uuid,
                    key_seq bigint, key_message uuid, key_at timestamptz, id uuid, kind text, name text,
                    head_seq bigint, last_at timestamptz, member_count int, dissolved boolean)
     language plpgsql volatile set enable_seqscan = off as $$
     begin
       perform 1 from messaging.conversation c where c.id = any(conversations) order by c.id for no key update;
       return query
       select s.*, c.id, c.kind, c.name, c.head_seq, c.last_at, c.member_count, c.dissolved_at is not null
         from messaging.standing(conversations, persons, clients) s
         left join messaging.conversation c on c.id = conversations[s.place]
        order by s.place;
     end $$`,
  ];
}
