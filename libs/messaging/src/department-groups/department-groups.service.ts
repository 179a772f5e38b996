import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import { newId, type DepartmentGroup, type DepartmentGroups as Shown } from '#contracts';
import { DepartmentPeople, Departments } from '#directory';
import { Hints } from '#persistence';
import { AppError, type Principal } from '#platform';
import { ConversationsStore } from '../conversations/conversations.store.js';
import { DepartmentGroupsStore, type AskedGroup, type FollowingGroup } from './department-groups.store.js';

interface Asked {
  clientId: string;
  departmentId: string;
  withBelow: boolean;
  name: string;
}

/** The message of the hint that says there is a group to be filled. */
export const groupAsked = 'department group';

/** Asks for groups that follow departments: their heads may, and administrators. Needs no key to what is written. */
@Injectable()
export class DepartmentGroups {
  constructor(
    private readonly store: DepartmentGroupsStore,
    private readonly conversations: ConversationsStore,
    private readonly departments: Departments,
    private readonly people: DepartmentPeople,
    private readonly trail: AuditTrail,
    private readonly hints: Hints,
  ) {}

  /** Those of a department that the caller is in; all of them for those who may ask. Throws `department.not_found`. */
  async of(by: Principal, departmentId: string): Promise<Shown> {
    await this.departments.one(by, departmentId);
    const [groups, mayAsk] = await Promise.all([
      this.store.shown(departmentId, by.id),
      this.mayAsk(by, departmentId),
    ]);
    return { mayAsk, groups: groups.filter(({ isMember }) => mayAsk || isMember) };
  }

  /**
   * A group without anybody in it yet, which follows its department from now on.
   * Throws `department.not_found`, `department.head_required`, `department.group_exists`, `client_id_reused`.
   */
  async ask(by: Principal, asked: Asked): Promise<FollowingGroup> {
    const { departmentId, withBelow, name, clientId } = asked;
    await this.departments.one(by, departmentId);
    if (!(await this.mayAsk(by, departmentId))) throw new AppError('department.head_required');
    return this.conversations.transaction(async (tx) => {
      const known = await this.store.asked(tx, by.id, clientId);
      if (known) return requireSame(known, asked);
      const ownerId = by.kind === 'administrator' ? null : by.id;
      const group = { conversationId: newId(), departmentId, withBelow, name, ownerId };
      if (!(await this.store.insert(tx, { ...group, askedById: by.id, clientId }))) {
        // Whoever asked with the same id at the same moment has committed by now.
        const meanwhile = await this.store.asked(tx, by.id, clientId);
        if (meanwhile) return requireSame(meanwhile, asked);
        throw new AppError('department.group_exists');
      }
      await this.conversations.insert(tx, { id: group.conversationId, kind: 'group', name });
      await this.trail.record(tx, {
        action: 'groups.department_asked',
        by,
        object: { kind: 'conversation', id: group.conversationId },
        details: { departmentId, withBelow },
      });
      tx.afterCommit(() => this.hints.publish('directory', groupAsked));
      return group;
    });
  }

  /** A group as the caller sees it now. */
  one(by: Principal, { conversationId }: FollowingGroup): Promise<DepartmentGroup> {
    return this.store.one(conversationId, by.id);
  }

  private async mayAsk(by: Principal, departmentId: string): Promise<boolean> {
    return by.kind === 'administrator' || this.people.isHead(by.id, departmentId);
  }
}

function requireSame(known: AskedGroup, asked: Asked): FollowingGroup {
  const isSame =
    known.departmentId === asked.departmentId &&
    known.withBelow === asked.withBelow &&
    known.name === asked.name;
  if (!isSame) throw new AppError('client_id_reused');
  return known;
}
