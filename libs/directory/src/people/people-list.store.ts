import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { SqlValues, type SqlCondition } from '../sql-values.js';
import { summaryColumns, type SummaryRow } from './people.store.js';
import { byNames, type SearchQuery } from './search-terms.js';

/** A row of a page: with its place in the order. */
export interface ListedRow extends SummaryRow {
  match: number;
  rank: number;
  sortKey: string;
  email: string | null;
  staffNumber: string | null;
  changedAt: Date;
}

export interface PeopleFilter {
  search?: SearchQuery | undefined;
  departmentId?: string | undefined;
  active?: boolean | undefined;
  /** Who may be seen at all. */
  visible?: SqlCondition | undefined;
  /** Whose numbers and addresses may not be seen, so that they are found by name alone. */
  withheld?: SqlCondition | undefined;
  after?: { match: number; rank: number; sortKey: string; id: string } | undefined;
  limit: number;
}

/** Places of a search: called exactly so, begins so, has every word, or is in a department that is called so. */
const byDepartment = 3;
/** So many people are sorted at once. */
const fewAtMost = 500;
/** So many people are gone through in their order. */
const walkedAtMost = 1000;
/** Departments of one word of a search. */
const departmentsAtMost = 100;

/** Pages of people: best match first, then by rank and name. */
@Injectable()
export class PeopleListStore {
  constructor(private readonly database: Database) {}

  async list(filter: PeopleFilter): Promise<ListedRow[]> {
    const rows = (filter.after?.match ?? 0) < byDepartment ? await this.byName(filter) : [];
    if (!filter.search || rows.length >= filter.limit) return rows;
    const rest = await this.byDepartment(filter.search, { ...filter, limit: filter.limit - rows.length });
    return [...rows, ...rest];
  }

  private byName(filter: PeopleFilter): Promise<ListedRow[]> {
    const values = new SqlValues();
    const limit = values.add(filter.limit, 'int');
    const { search } = filter;
    if (!search) {
      const everybody = placeSql(0, [...restOf(filter, values), ...afterOf(filter, 0, values)]);
      const places = [`(${everybody} ${inOrder} limit ${limit})`];
      return this.database.query<ListedRow>(pageSql([], places, limit), values.list);
    }
    const queries = [search.whole, search.begin, search.words].map((one) => values.add(one, 'tsquery'));
    const rest = restOf(filter, values);
    const parts: Part[] = [];
    for (let place = filter.after?.match ?? 0; place < queries.length; place += 1) {
      const better = queries.slice(0, place).map((one) => `not p.terms @@ ${one}`);
      const after = afterOf(filter, place, values);
      // A place is looked at where those before it have left room on the page.
      const isWanted = parts.length > 0 ? [`${parts.map(({ count }) => count).join(' + ')} < ${limit}`] : [];
      const conditions = [...better, ...rest, ...isWanted];
      parts.push(partOf({ place, query: queries[place]!, conditions, after, limit }));
    }
    const lists = parts.flatMap((part) => part.lists);
    const places = parts.flatMap((part) => part.places);
    return this.database.query<ListedRow>(pageSql(lists, places, limit), values.list);
  }

  private async byDepartment(search: SearchQuery, filter: PeopleFilter): Promise<ListedRow[]> {
    const found = await this.departmentsOf(search.each);
    if (found.length === 0) return [];
    const others = search.each.map((_, i) => search.each.filter((_word, other) => other !== i));
    const values = new SqlValues();
    const wanted = values.add(
      found.map(({ departmentId }) => departmentId),
      'uuid[]',
    );
    const rest = values.add(
      found.map(({ word }) => (others[word]!.length === 0 ? null : byNames(others[word]!))),
      'text[]',
    );
    const there = `there as materialized (
      select distinct post.person_id as id from unnest(${wanted}, ${rest}) as w (department_id, rest)
        join directory.post on post.department_id = w.department_id
        join directory.person other on other.id = post.person_id
       where w.rest is null or other.terms @@ w.rest::tsquery)`;
    const place = placeSql(byDepartment, [
      'p.id in (select id from there)',
      ...[search.whole, search.begin, search.words].map(
        (better) => `not p.terms @@ ${values.add(better, 'tsquery')}`,
      ),
      ...restOf(filter, values),
      ...afterOf(filter, byDepartment, values),
    ]);
    const limit = values.add(filter.limit, 'int');
    return this.database.query<ListedRow>(pageSql([there], [`(${place})`], limit), values.list);
  }

  /** Departments that are called so, for each word. */
  private departmentsOf(words: readonly string[]): Promise<{ departmentId: string; word: number }[]> {
    const values = new SqlValues();
    const each = words.map(
      (word, i) =>
        `(select department_id as "departmentId", ${i} as word from directory.department_terms
           where terms @@ ${values.add(byNames([word]), 'tsquery')} limit ${departmentsAtMost})`,
    );
    return this.database.query(each.join(' union all '), values.list);
  }
}

/** What else must hold of everybody on the page. */
function restOf(filter: PeopleFilter, values: SqlValues): string[] {
  const { search, departmentId, active, visible, withheld } = filter;
  const conditions: string[] = [];
  if (active !== undefined) conditions.push(active ? 'p.active' : 'not p.active');
  if (departmentId !== undefined) {
    const department = values.add(departmentId, 'uuid');
    conditions.push(`p.id in (select person_id from directory.post where department_id = ${department})`);
  }
  if (visible) conditions.push(visible(values));
  if (search && withheld) {
    conditions.push(`(not ${withheld(values)} or p.terms @@ ${values.add(search.names, 'tsquery')})`);
  }
  return conditions;
}

/** The rest of a place that a page has ended in. */
function afterOf({ after }: PeopleFilter, place: number, values: SqlValues): string[] {
  if (after?.match !== place) return [];
  const { rank, sortKey, id } = after;
  return [
    `(p.rank, p.sort_key, p.id) >
     (${values.add(rank, 'int')}, ${values.add(sortKey, 'text')}, ${values.add(id, 'uuid')})`,
  ];
}

const all = (conditions: string[]) => (conditions.length > 0 ? conditions.join(' and ') : 'true');

const placeSql = (place: number, conditions: string[]): string =>
  `select p.id, ${place} as match, p.rank, p.sort_key from directory.person p where ${all(conditions)}`;

const inOrder = 'order by p.rank, p.sort_key, p.id';

/** One place of a search. */
interface Part {
  lists: string[];
  places: string[];
  /** How many it has, or more than a page. */
  count: string;
}

/**
 * How many match is not known before. Few are found by the index of terms, and sorted. Of many, the first people in
 * their order fill a page, mostly; they are matched by the function of the operator, for which there is no index. Where
 * they do not, all who match are sorted.
 */
function partOf(of: {
  place: number;
  query: string;
  conditions: string[];
  after: string[];
  limit: string;
}): Part {
  const { place, query, conditions, after, limit } = of;
  const [few, walked, met] = ['few', 'walked', 'met'].map((name) => `${name}${place}`) as [
    string,
    string,
    string,
  ];
  const count = (list: string) => `(select count(*) from ${list})`;
  const matching = [`p.terms @@ ${query}`, ...conditions, ...after];
  const areMany = `${count(few)} > ${fewAtMost}`;
  const first = `(select * from directory.person p where ${all([areMany, ...after])} ${inOrder} limit ${walkedAtMost}) p`;
  const byFunction = all([`ts_match_vq(p.terms, ${query})`, ...conditions]);
  return {
    lists: [
      `${few} as materialized (${placeSql(place, matching)} limit ${fewAtMost + 1})`,
      `${walked} as materialized (
         select p.id, ${place} as match, p.rank, p.sort_key from ${first} where ${byFunction} limit ${limit})`,
      `${met} as materialized (
         ${placeSql(place, [...matching, areMany, `${count(walked)} < ${limit}`])})`,
    ],
    places: [
      `(select * from ${few} p where ${count(few)} <= ${fewAtMost})`,
      `(select * from ${walked} p where ${count(walked)} >= ${limit})`,
      `(select * from ${met} p ${inOrder} limit ${limit})`,
    ],
    count: count(few),
  };
}

const pageSql = (lists: string[], places: string[], limit: string): string =>
  `${lists.length > 0 ? `with ${lists.join(', ')}` : ''}
   select ${summaryColumns}, o.match, p.rank, p.sort_key as "sortKey", p.email, p.staff_number as "staffNumber",
          p.changed_at as "changedAt"
     from (select * from (${places.join(' union all ')}) as places
            order by match, rank, sort_key, id limit ${limit}) o
     join directory.person p on p.id = o.id
     left join directory.department d on d.id = p.department_id
    order by o.match, o.rank, o.sort_key, o.id`;
