import { Injectable } from '@nestjs/common';
import type { VisibilityRule } from '#contracts';
import type { SqlCondition } from '../sql-values.js';
import { sideSql } from '../visibility/rule-sql.store.js';
import { Views } from '../visibility/views.service.js';
import { DepartmentPeopleStore, type Branch, type PeoplePage } from './department-people.store.js';

/**
 * Who belongs to a department as the directory stands: active people with a post there. Whom a rule hides from others
 * is left out, because to be listed beside somebody is to be seen by them; between colleagues of one department a rule
 * may say otherwise.
 */
@Injectable()
export class DepartmentPeople {
  constructor(
    private readonly store: DepartmentPeopleStore,
    private readonly views: Views,
  ) {}

  /** In the order of their ids, as long as a page says where the next one begins. */
  async page(branch: Branch, after: string | undefined, limit: number): Promise<PeoplePage> {
    return this.store.page(branch, await this.shown(branch), { after, limit });
  }

  /** Those of the people who belong to it. */
  async among(ids: readonly string[], branch: Branch): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    return this.store.among(ids, branch, await this.shown(branch));
  }

  /** Its heads first, then whoever is highest in rank. */
  async leading(branch: Branch, limit: number): Promise<string[]> {
    return this.store.leading(branch, await this.shown(branch), limit);
  }

  /** Whether somebody heads the department, or one above it. */
  isHead(personId: string, departmentId: string): Promise<boolean> {
    return this.store.isHead(personId, departmentId);
  }

  /** Departments in which any of the people has a post, and everything above them. */
  waysOf(personIds: readonly string[]): Promise<string[]> {
    return this.store.waysOf(personIds);
  }

  /** Whether the department is there, and not gone. */
  isThere(departmentId: string): Promise<boolean> {
    return this.store.isThere(departmentId);
  }

  /** Changes whenever the rules do that leave people out. */
  async rulesVersion(): Promise<number> {
    return (await this.views.current()).version;
  }

  private async shown(branch: Branch): Promise<SqlCondition> {
    const { rules } = await this.views.current();
    const hiding = rules.filter((rule) => hides(rule, branch));
    return (values) =>
      hiding.length === 0
        ? 'true'
        : `not (${hiding.map(({ of, notOf }) => sideSql(of, notOf, values)).join(' or ')})`;
  }
}

const hides = ({ effect, exceptColleagues }: VisibilityRule, { withBelow }: Branch): boolean =>
  effect === 'hide' && (withBelow || !exceptColleagues);
