import { SqlMigration } from './sql-migration.js';

/** Finds a date in a conversation with one statement, however long the conversation is. */
export class SeqAt1764000000010 extends SqlMigration {
  protected readonly statements = [
    // Times never go back along seq, so halving finds the first event that is not older. Segments name the month,
    // and with it the one partition that is looked into.
    `create function messaging.seq_at(conversation uuid, wanted timestamptz, head bigint)
     returns bigint language plpgsql stable as $$
     declare
       begins timestamptz;
       ends timestamptz;
       below bigint;  -- this seq is older, or before the month
       above bigint;  -- every seq from here on is not older
       middle bigint;
     begin
       select s.month::timestamp at time zone 'UTC', s.first_seq - 1 into begins, below
         from messaging.segment s
        where s.conversation_id = conversation and s.month <= (wanted at time zone 'UTC')::date
        order by s.month desc limit 1;
       if not found then
         return 1;
       end if;
       ends := (begins at time zone 'UTC' + interval '1 month') at time zone 'UTC';
       select s.first_seq into above from messaging.segment s
        where s.conversation_id = conversation and s.month > (begins at time zone 'UTC')::date
        order by s.month limit 1;
       above := least(coalesce(above, head + 1), head + 1);
       while above - below > 1 loop
         middle := (above + below) / 2;
         if exists (select from messaging.event e
                     where e.conversation_id = conversation and e.seq = middle
                       and e.at >= greatest(wanted, begins) and e.at < ends)
         then above := middle; else below := middle; end if;
       end loop;
       return above;
     end $$`,
  ];
}
