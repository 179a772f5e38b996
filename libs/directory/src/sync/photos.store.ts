import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';

@Injectable()
export class PhotosStore {
  constructor(private readonly database: Database) {}

  /** Ids of people of a source, by their identities. */
  async idsOf(sourceId: string, externalIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.database.query<{ externalId: string; id: string }>(
      `select encode(external_id, 'hex') as "externalId", id
         from unnest($2::text[]) as wanted (identity)
         join directory.person on source_id = $1 and external_id = decode(identity, 'hex')`,
      [sourceId, externalIds],
    );
    return new Map(rows.map(({ externalId, id }) => [externalId, id]));
  }

  async has(personId: string, photo: string): Promise<boolean> {
    const rows = await this.database.query('select from directory.person where id = $1 and photo = $2', [
      personId,
      photo,
    ]);
    return rows.length > 0;
  }

  async set(personId: string, photo: string, type: string): Promise<void> {
    await this.database.query('update directory.person set photo = $2, photo_type = $3 where id = $1', [
      personId,
      photo,
      type,
    ]);
  }

  async remove(personIds: readonly string[]): Promise<void> {
    if (personIds.length === 0) return;
    await this.database.query(
      'update directory.person set photo = null, photo_type = null where id = any($1::uuid[]) and photo is not null',
      [personIds],
    );
  }
}
