import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { VisibilityRule } from '#contracts';
import type { Principal } from '#platform';
import type { SqlCondition } from '../sql-values.js';
import { protectedSql } from './rule-sql.store.js';
import { isIn, viewOf, type View } from './viewer.js';
import { VisibilityStore, type ViewerNow } from './visibility.store.js';

/** Who asks: somebody, or the product itself, such as an export that was approved. */
export type Viewer = Principal | 'system';

/** What a viewer may not see of the tree. */
export interface HiddenDepartments {
  /** Departments of which they see nobody, with the department above. */
  departments: ReadonlyMap<string, string | null>;
  /** People of a department whom they do not see. */
  people: ReadonlyMap<string, number>;
}

/** What a viewer may see; a condition is absent where nothing is hidden. */
export interface PeopleView {
  hidden?: SqlCondition;
  withheld?: SqlCondition;
  protected?: SqlCondition;
  /** Whose fields are withheld, rule by rule. */
  withhold: readonly { fields: VisibilityRule['fields']; condition: SqlCondition }[];
  tree(): Promise<HiddenDepartments>;
}

const nothing: HiddenDepartments = { departments: new Map(), people: new Map() };
export const everything: PeopleView = { withhold: [], tree: () => Promise.resolve(nothing) };

/** Versions of the rules and trees kept in memory; both never change once made. */
const kept = { versions: 4, trees: 50 };

/**
 * The rules, compiled for whoever asks. Administrators see everybody: they govern people, not conversations. Rules are
 * read with each question, so a change holds at once in every process.
 */
@Injectable()
export class Views {
  private readonly versions = new LRUCache<number, VisibilityRule[]>({ max: kept.versions });
  private readonly trees = new LRUCache<string, Promise<HiddenDepartments>>({ max: kept.trees });

  constructor(private readonly store: VisibilityStore) {}

  async of(viewer: Viewer): Promise<PeopleView> {
    if (viewer === 'system' || viewer.kind === 'administrator') return everything;
    const now = await this.store.viewer(viewer.id);
    return now.version === 0 ? everything : this.compile(now, await this.rules(now.version));
  }

  /** Somebody's view under other rules than those that hold. */
  async under(personId: string, rules: readonly VisibilityRule[]): Promise<PeopleView> {
    return this.compile(await this.store.viewer(personId), rules);
  }

  /** All rules as they hold now, whomever they concern. */
  async current(): Promise<{ version: number; rules: readonly VisibilityRule[] }> {
    const version = await this.store.latest();
    return { version, rules: version === 0 ? [] : await this.rules(version) };
  }

  private compile(now: ViewerNow, rules: readonly VisibilityRule[]): PeopleView {
    const view = viewOf(now, rules);
    const hidden = protectedSql(view.hide, now);
    const withheld = protectedSql(view.withhold, now);
    const guarded = protectedSql(view.protect, now);
    return {
      ...(hidden && { hidden }),
      ...(withheld && { withheld }),
      ...(guarded && { protected: guarded }),
      withhold: view.withhold.flatMap((rule) => {
        const condition = protectedSql([rule], now);
        return condition ? [{ fields: rule.fields, condition }] : [];
      }),
      tree: () => (hidden ? this.tree(now, view, hidden) : Promise.resolve(nothing)),
    };
  }

  private tree(now: ViewerNow, view: View, hidden: SqlCondition): Promise<HiddenDepartments> {
    // Whom the rules mean alike sees the same tree, unless a rule looks at the viewer's own departments or self.
    const isOwn = view.hide.some(({ exceptColleagues, of }) => exceptColleagues || isIn(now, of));
    const rules = view.hide.map(({ name: _name, ...rule }) => rule);
    const key = JSON.stringify([now.version, now.stand, rules, isOwn ? now.id : null]);
    const known = this.trees.get(key);
    if (known) return known;
    const made = this.store.hiddenCounts(hidden).then((counts) => ({
      people: new Map(counts.map(({ departmentId, hidden: count }) => [departmentId, count])),
      departments: new Map(
        counts
          .filter(({ hidden: count, all }) => count >= all)
          .map(({ departmentId, parentId }) => [departmentId, parentId]),
      ),
    }));
    this.trees.set(key, made);
    made.catch(() => this.trees.delete(key));
    return made;
  }

  private async rules(version: number): Promise<VisibilityRule[]> {
    const known = this.versions.get(version);
    if (known) return known;
    const rules = (await this.store.version(version))?.rules ?? [];
    this.versions.set(version, rules);
    return rules;
  }
}
