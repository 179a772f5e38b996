import type { PeopleScope, VisibilityRule } from '#contracts';

/** What rules look at in the person who asks. */
export interface ViewerFacts {
  id: string;
  /** Null for those who have no rank, such as bots. */
  rank: number | null;
  /** Departments of the posts. */
  departmentIds: string[];
  /** These, and everything above them. */
  aboveIds: string[];
}

/** The rules that concern one viewer, by what they do. */
export interface View {
  facts: ViewerFacts;
  hide: VisibilityRule[];
  withhold: VisibilityRule[];
  protect: VisibilityRule[];
}

/** The rules that hold against a viewer. */
export function viewOf(facts: ViewerFacts, rules: readonly VisibilityRule[]): View {
  const concerning = rules.filter(({ from, notFrom }) => isIn(facts, from) && !isIn(facts, notFrom));
  const having = (effect: VisibilityRule['effect']) => concerning.filter((rule) => rule.effect === effect);
  return { facts, hide: having('hide'), withhold: having('withhold'), protect: having('protect') };
}

export function isIn({ id, rank, aboveIds }: ViewerFacts, scope: PeopleScope): boolean {
  return (
    scope.everybody ||
    scope.personIds.includes(id) ||
    (scope.maxRank !== null && rank !== null && rank <= scope.maxRank) ||
    scope.departmentIds.some((department) => aboveIds.includes(department))
  );
}
