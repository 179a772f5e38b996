import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#persistence';
import type { DepartmentGroupRow } from './department-group.entity.js';

/** A group, as far as following its department needs it. */
export type FollowingGroup = Pick<
  DepartmentGroupRow,
  'conversationId' | 'departmentId' | 'withBelow' | 'ownerId'
>;

/** A group as those who look at its department are told of it. */
export interface ShownGroup {
  conversationId: string;
  departmentId: string;
  withBelow: boolean;
  name: string;
  memberCount: number;
  isMember: boolean;
}

export type AskedGroup = Pick<
  DepartmentGroupRow,
  'conversationId' | 'departmentId' | 'withBelow' | 'name' | 'ownerId' | 'askedById' | 'clientId'
>;

/** Which group follows which department. */
@Injectable()
export class DepartmentGroupsStore {
  constructor(private readonly database: Database) {}

  /** @returns false where another one follows the department so, or the client's id was used */
  async insert(tx: Transaction, group: AskedGroup): Promise<boolean> {
    const rows = await tx.query(
      `insert into messaging.department_group
         (conversation_id, department_id, with_below, name, owner_id, asked_by_id, client_id)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1`,
      [
        ...[group.conversationId, group.departmentId, group.withBelow, group.name],
        ...[group.ownerId, group.askedById, group.clientId],
      ],
    );
    return rows.length > 0;
  }

  /** What a client's id was used for. */
  async asked(tx: Transaction, askedById: string, clientId: string): Promise<AskedGroup | undefined> {
    const [row] = await tx.query<AskedGroup>(
      `select ${columns}, g.name, g.asked_by_id as "askedById", g.client_id as "clientId"
         from messaging.department_group g where g.asked_by_id = $1 and g.client_id = $2`,
      [askedById, clientId],
    );
    return row;
  }

  /** Groups that follow a department now, as somebody sees them. */
  shown(departmentId: string, viewerId: string): Promise<ShownGroup[]> {
    return this.database.query(
      `${shownSql} where g.department_id = $2 and g.ended_at is null order by g.with_below`,
      [viewerId, departmentId],
    );
  }

  async one(conversationId: string, viewerId: string): Promise<ShownGroup> {
    const [row] = await this.database.query<ShownGroup>(`${shownSql} where g.conversation_id = $2`, [
      viewerId,
      conversationId,
    ]);
    return row!;
  }

  async isAny(): Promise<boolean> {
    const rows = await this.database.query(
      'select from messaging.department_group where ended_at is null limit 1',
    );
    return rows.length > 0;
  }

  /** Whether the members of a conversation follow a department; its row is locked by the transaction. */
  async isFollowing(tx: Transaction, conversationId: string): Promise<boolean> {
    const rows = await tx.query(
      'select from messaging.department_group where conversation_id = $1 and ended_at is null',
      [conversationId],
    );
    return rows.length > 0;
  }

  ofDepartments(departmentIds: readonly string[]): Promise<FollowingGroup[]> {
    return this.database.query(
      `select ${columns} from messaging.department_group g
        where g.department_id = any($1::uuid[]) and g.ended_at is null`,
      [departmentIds],
    );
  }

  /** Those that any of the people is a member of. */
  withMembers(personIds: readonly string[]): Promise<FollowingGroup[]> {
    return this.database.query(
      `select distinct ${columns}
         from messaging.membership m join messaging.department_group g on g.conversation_id = m.conversation_id
        where m.person_id = any($1::uuid[]) and m.left_seq is null and g.ended_at is null`,
      [personIds],
    );
  }

  /** Those that were never looked at as a whole, or not under these rules. */
  due(rulesVersion: number, limit: number): Promise<FollowingGroup[]> {
    return this.database.query(
      `select ${columns} from messaging.department_group g
        where g.ended_at is null and g.settled_rules is distinct from $1 order by g.created_at limit $2`,
      [rulesVersion, limit],
    );
  }

  async settled(conversationId: string, rulesVersion: number): Promise<void> {
    await this.database.query(
      'update messaging.department_group set settled_rules = $2 where conversation_id = $1',
      [conversationId, rulesVersion],
    );
  }

  async end(tx: Transaction, conversationId: string): Promise<void> {
    await tx.query(
      'update messaging.department_group set ended_at = now() where conversation_id = $1 and ended_at is null',
      [conversationId],
    );
  }
}

const columns = `
  g.conversation_id as "conversationId", g.department_id as "departmentId", g.with_below as "withBelow",
  g.owner_id as "ownerId"`;

const shownSql = `
  select g.conversation_id as "conversationId", g.department_id as "departmentId", g.with_below as "withBelow",
         c.name, c.member_count as "memberCount",
         exists (select from messaging.membership m
                  where m.conversation_id = c.id and m.person_id = $1 and m.left_seq is null) as "isMember"
    from messaging.department_group g join messaging.conversation c on c.id = g.conversation_id`;
