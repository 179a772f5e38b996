import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';

@Injectable()
export class OwnedGroupsStore {
  constructor(private readonly database: Database) {}

  /** Living groups that a person owns, in the order of their ids. */
  async ownedBy(personId: string, after: string | undefined, limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `select c.id
         from messaging.membership m join messaging.conversation c on c.id = m.conversation_id
        where m.person_id = $1 and m.left_seq is null and m.role = 'owner'
          and c.kind = 'group' and c.dissolved_at is null and ($2::uuid is null or c.id > $2::uuid)
        order by c.id limit $3`,
      [personId, after ?? null, limit],
    );
    return rows.map(({ id }) => id);
  }
}
