import type { PeopleScope, VisibilityRule } from '#contracts';
import type { SqlCondition, SqlValues } from '../sql-values.js';
import type { ViewerFacts } from './viewer.js';

/** Whether the person `p` of a statement is in a scope. */
export function scopeSql(scope: PeopleScope, values: SqlValues): string {
  if (scope.everybody) return 'true';
  const any: string[] = [];
  if (scope.personIds.length > 0) any.push(`p.id = any(${values.add(scope.personIds, 'uuid[]')})`);
  if (scope.maxRank !== null) {
    any.push(`(p.kind = 'person' and p.rank <= ${values.add(scope.maxRank, 'int')})`);
  }
  if (scope.departmentIds.length > 0) {
    const below = `
      from directory.post join directory.department_way w on w.department_id = post.department_id
     where post.person_id = p.id and w.way && ${values.add(scope.departmentIds, 'uuid[]')}`;
    // Left to choose, the planner makes a list of everybody in the departments, also for the sake of a few rows.
    any.push(
      values.looksAtAll ? `exists (select ${below})` : `coalesce((select true ${below} limit 1), false)`,
    );
  }
  return any.length === 0 ? 'false' : `(${any.join(' or ')})`;
}

/** Whom one side of a rule means: `of` without `notOf`, or `from` without `notFrom`. */
export const sideSql = (means: PeopleScope, butNot: PeopleScope, values: SqlValues): string =>
  `(${scopeSql(means, values)} and not ${scopeSql(butNot, values)})`;

/** Whether a rule protects the person `p` from a viewer; undefined where none of the rules can. */
export function protectedSql(
  rules: readonly VisibilityRule[],
  viewer: ViewerFacts,
): SqlCondition | undefined {
  if (rules.length === 0) return undefined;
  return (values) => {
    const each = rules.map(({ of, notOf, exceptColleagues }) => {
      const meant = sideSql(of, notOf, values);
      if (!exceptColleagues) return meant;
      return `(${meant} and not exists (
        select from directory.post where post.person_id = p.id
           and post.department_id = any(${values.add(viewer.departmentIds, 'uuid[]')})))`;
    });
    // Nobody is hidden from themselves.
    return `(p.id <> ${values.add(viewer.id, 'uuid')} and (${each.join(' or ')}))`;
  };
}

export const not =
  (condition: SqlCondition): SqlCondition =>
  (values) =>
    `not ${condition(values)}`;
