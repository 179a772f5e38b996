import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';

/** Seconds without a sign of life after which a gateway is dead. */
const deadAfterSeconds = 30;

@Injectable()
export class PresenceStore {
  constructor(private readonly database: Database) {}

  /** Says that this gateway lives and clears away the dead. @returns people whose presence that changed */
  async beat(gatewayId: string): Promise<string[]> {
    return this.database.transaction(async (tx) => {
      await tx.query(
        `insert into access.gateway (id, seen_at) values ($1, now())
         on conflict (id) do update set seen_at = now()`,
        [gatewayId],
      );
      const lost = await tx.query<{ personId: string }>(
        `with dead as (
           delete from access.gateway
            where id in (select id from access.gateway where seen_at < now() - make_interval(secs => $1)
                          for update skip locked)
           returning id)
         delete from access.presence using dead where gateway_id = dead.id returning person_id as "personId"`,
        [deadAfterSeconds],
      );
      return lost.map(({ personId }) => personId);
    });
  }

  async add(gatewayId: string, personIds: string[]): Promise<void> {
    await this.database.query(
      `insert into access.presence (gateway_id, person_id) select $1, unnest($2::uuid[]) on conflict do nothing`,
      [gatewayId, personIds],
    );
  }

  async remove(gatewayId: string, personIds: string[]): Promise<void> {
    await this.database.query(
      'delete from access.presence where gateway_id = $1 and person_id = any($2::uuid[])',
      [gatewayId, personIds],
    );
  }

  async leave(gatewayId: string): Promise<void> {
    await this.database.query('delete from access.presence where gateway_id = $1', [gatewayId]);
    await this.database.query('delete from access.gateway where id = $1', [gatewayId]);
  }

  async online(personIds: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ personId: string }>(
      `select distinct person_id as "personId"
         from access.presence join access.gateway on gateway.id = gateway_id
        where person_id = any($1::uuid[]) and seen_at > now() - make_interval(secs => $2)`,
      [personIds, deadAfterSeconds],
    );
    return new Set(rows.map(({ personId }) => personId));
  }
}
