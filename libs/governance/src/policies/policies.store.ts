import { Injectable } from '@nestjs/common';
import { Database, readHead, takePositions, type Transaction } from '#persistence';
import { PolicyVersionRow } from './policy-version.entity.js';
import { scopeKey, type Scope } from './policy.js';

type SetVersion = Pick<PolicyVersionRow, 'decidedByName'> & { effectiveAt: Date };

export interface VersionsFilter {
  name: string;
  /** Only versions changed before this one. */
  before?: { changedAt: Date; id: string };
  limit: number;
}

@Injectable()
export class PoliciesStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** Lets changes of one policy take turns. */
  async lock(tx: Transaction, name: string): Promise<void> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`chancery policy ${name}`]);
  }

  insert(tx: Transaction, row: PolicyVersionRow): Promise<void> {
    return tx.insert(PolicyVersionRow, row);
  }

  byClientId(tx: Transaction, changedBy: string, clientId: string): Promise<PolicyVersionRow | null> {
    return tx.repository(PolicyVersionRow).findOneBy({ changedBy, clientId });
  }

  byApproval(tx: Transaction, approvalId: string): Promise<PolicyVersionRow> {
    return tx.repository(PolicyVersionRow).findOneByOrFail({ approvalId });
  }

  /** Every number that was given, and the version that was set last. */
  async latest(tx: Transaction, name: string, scope: Scope) {
    const where = { name, scopeKind: scope.kind, scopeId: scope.id };
    const find = (more: object) =>
      tx.repository(PolicyVersionRow).findOne({ where: { ...where, ...more }, order: { version: 'DESC' } });
    const [any, set, waiting] = [
      await find({}),
      await find({ state: 'set' }),
      await find({ state: 'asked' }),
    ];
    return { version: any?.version ?? 0, set, waiting };
  }

  /** How many scopes of a policy were ever decided about. */
  async countScopes(tx: Transaction, name: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      'select count(*) from (select distinct scope_kind, scope_id from governance.policy_version where name = $1) scopes',
      [name],
    );
    return row!.count;
  }

  /** Sets a version at the next position of the log. @returns the position */
  async set(tx: Transaction, id: string, version: SetVersion): Promise<number> {
    const { first: pos } = await takePositions(tx, 'messages', 1);
    await tx.repository(PolicyVersionRow).update({ id }, { ...version, state: 'set', pos });
    return pos;
  }

  async end(tx: Transaction, id: string, state: 'refused' | 'expired', decidedByName: string | null) {
    await tx.repository(PolicyVersionRow).update({ id }, { state, decidedByName });
  }

  /** What was set after a position of the log, in order. */
  setAfter(pos: number, limit: number): Promise<PolicyVersionRow[]> {
    return this.database
      .repository(PolicyVersionRow)
      .createQueryBuilder('version')
      .where('version.pos > :pos', { pos })
      .orderBy('version.pos')
      .limit(limit)
      .getMany();
  }

  /** Where the log ends. */
  async head(): Promise<number> {
    return (await readHead(this.database, 'messages')).pos;
  }

  /** Of every scope what stands or will stand: the latest version in effect, and those after it. */
  current(): Promise<PolicyVersionRow[]> {
    return this.database
      .repository(PolicyVersionRow)
      .createQueryBuilder('version')
      .where(
        `version.state = 'set' and version.version >= coalesce((
           select max(other.version) from governance.policy_version other
            where other.name = version.name and other.scope_kind = version.scope_kind
              and other.scope_id = version.scope_id and other.state = 'set' and other.effective_at <= now()), 0)`,
      )
      .getMany();
  }

  /** Latest first. */
  versions({ name, before, limit }: VersionsFilter): Promise<PolicyVersionRow[]> {
    const query = this.database
      .repository(PolicyVersionRow)
      .createQueryBuilder('version')
      .where('version.name = :name', { name })
      .orderBy('version.changedAt', 'DESC')
      .addOrderBy('version.id', 'DESC')
      .limit(limit);
    if (before) query.andWhere('(version.changedAt, version.id) < (:changedAt, :id)', before);
    return query.getMany();
  }
}

export const keyOf = ({ name, scopeKind, scopeId }: PolicyVersionRow): string =>
  `${name} ${scopeKey({ kind: scopeKind, id: scopeId })}`;
