import { Injectable } from '@nestjs/common';
import { Database, withLock } from '#persistence';
import type { Place } from '../ldap/place.js';
import { ReadingRow } from './reading.entity.js';

/** A place, and the digest of the settings it was reached with. */
export type KnownPlace = Place & { digest: string };

/** How long a complete run waits for a look to end. */
const lookMs = 120_000;

/** How far directories have been read, and what looking at them for changes needs to know. */
@Injectable()
export class ReadingsStore {
  constructor(private readonly database: Database) {}

  /** A look at a source; nothing where anything else is at it. */
  async looking(sourceId: string, work: () => Promise<void>): Promise<void> {
    await withLock(this.database, lockOf(sourceId), work);
  }

  /** Work on a source while nobody looks at it; a look that is under way ends first. */
  async undisturbed(sourceId: string, work: () => Promise<void>): Promise<void> {
    const outcome = await withLock(this.database, lockOf(sourceId), work, lookMs);
    if (outcome !== 'ran') throw new Error('a look at the directory did not end in time');
  }

  /** Sources whose time for a look has come, in the order of precedence; none that waits for a second person. */
  async due(everySeconds: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(dueSql, [everySeconds]);
    return rows.map(({ id }) => id);
  }

  /** Where the reading of a source stands; undefined where everything has to be read. */
  async place(sourceId: string): Promise<KnownPlace | undefined> {
    const row = await this.database.repository(ReadingRow).findOneBy({ sourceId });
    if (!row || row.digest === null) return undefined;
    const { digest, server, mark, members, markedAt } = row;
    return { digest, server: server!, mark: mark!, members: members!, markedAt: markedAt! };
  }

  /** After what came before this place was applied, and never earlier. */
  async reached(sourceId: string, { digest, server, mark, members, markedAt }: KnownPlace): Promise<void> {
    const place = { digest, server, mark, members, markedAt };
    await this.database
      .repository(ReadingRow)
      .upsert({ sourceId, ...place, lookedAt: new Date(), fault: null }, ['sourceId']);
  }

  /** A look that changed nothing: it was not needed, or it failed. The place stays. */
  async looked(sourceId: string, fault: string | null): Promise<void> {
    await this.database
      .repository(ReadingRow)
      .upsert({ sourceId, lookedAt: new Date(), fault }, ['sourceId']);
  }

  /** From here on everything has to be read. */
  async forget(sourceId: string): Promise<void> {
    await this.database.repository(ReadingRow).delete({ sourceId });
  }

  /** Whether the last complete run of a source failed or was stopped, and is not older than so many seconds. */
  async hasJustFailed(sourceId: string, seconds: number): Promise<boolean> {
    const rows = await this.database.query<{ state: string }>(
      `select state from directory.sync_run
        where source_id = $1 and kind = 'full' and started_at > now() - make_interval(secs => $2)
        order by started_at desc limit 1`,
      [sourceId, seconds],
    );
    return rows[0] !== undefined && rows[0].state !== 'done';
  }

  /** Identities of the active people of a source. */
  async activePeople(sourceId: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `select encode(external_id, 'hex') as id from directory.person where source_id = $1 and active`,
      [sourceId],
    );
    return rows.map(({ id }) => id);
  }
}

const lockOf = (sourceId: string) => `chancery directory look ${sourceId}`;

const dueSql = `
  select source.id from directory.source source
    left join directory.reading on reading.source_id = source.id
    cross join lateral (select coalesce((source.settings ->> 'lookSeconds')::int, $1::int) as seconds) every
   where source.origin is not null and source.state = 'active' and every.seconds > 0
     and (reading.looked_at is null or reading.looked_at <= now() - make_interval(secs => every.seconds))
     and not exists (select from directory.sync_run run
                      where run.source_id = source.id and run.state in ('waiting', 'applying'))
   order by source.precedence, source.name`;
