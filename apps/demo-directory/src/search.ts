import { setImmediate as nextTurn } from 'node:timers/promises';
import { type DnKey, isWithin, parentKey } from './distinguished-name.js';
import type { DirectoryTree } from './directory-tree.js';
import type { Entry } from './entry.js';
import type { SearchFilter } from './filter-decoder.js';
import { compileFilter, indexable } from './search-filter.js';

export const scope = { base: 0, one: 1, sub: 2 } as const;

export interface Search {
  readonly base: DnKey;
  readonly scope: number;
  readonly filter: SearchFilter;
}

export interface Match {
  readonly position: number;
  readonly entry: Entry;
}

/** How many entries are looked at before other connections get their turn. */
const stride = 256;

/** The entries a search selects, in order of position, beginning at `from`. */
export async function* matches(tree: DirectoryTree, search: Search, from: number): AsyncGenerator<Match> {
  const test = compileFilter(search.filter);
  let looked = 0;
  for (const position of candidates(tree, search, from)) {
    looked += 1;
    if (looked % stride === 0) await nextTurn();
    const entry = tree.at(position);
    if (entry && isInScope(entry.key, search) && test(entry) === true) yield { position, entry };
  }
}

function* candidates(tree: DirectoryTree, search: Search, from: number): Generator<number> {
  if (search.scope === scope.base) {
    const position = tree.positionOf(search.base);
    if (position !== undefined && position >= from) yield position;
    return;
  }
  const indexed = indexable(search.filter, (attribute, value) => tree.lookUp(attribute, value));
  if (indexed) {
    yield* indexed.filter((position) => position >= from);
    return;
  }
  for (const [start, end] of tree.stretchesBelow(search.base)) {
    for (let position = Math.max(start, from); position < end; position += 1) yield position;
  }
}

function isInScope(key: DnKey, search: Search): boolean {
  switch (search.scope) {
    case scope.base:
      return key === search.base;
    case scope.one:
      return parentKey(key) === search.base;
    default:
      return isWithin(key, search.base);
  }
}
