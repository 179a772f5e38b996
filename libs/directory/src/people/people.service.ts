import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { BlobMissing, BlobStore } from '#blobs';
import type { AdminPerson, Page, Person, PersonSummary } from '#contracts';
import { decodeCursor, toPage } from '#persistence';
import { AppError } from '#platform';
import { Departments } from '../departments/departments.service.js';
import { not } from '../visibility/rule-sql.store.js';
import { Views, type PeopleView, type Viewer } from '../visibility/views.service.js';
import { PeopleListStore, type ListedRow } from './people-list.store.js';
import { PeopleStore, type NameVersion, type PersonDetails, type SummaryRow } from './people.store.js';
import { photoKey } from './photo.js';
import { searchQuery } from './search-terms.js';

export interface PeopleQuery {
  q?: string;
  department?: string;
  active?: boolean;
  cursor?: string;
  limit: number;
}

/** Of people somebody wants to begin a conversation with: who cannot be, and who may not be. */
export interface Unapproachable {
  /** There is no such active person, or the viewer does not see them: the two are told alike. */
  unknown: string[];
  protected: string[];
}

/**
 * The one door to people. Each question names who asks, and answers with what the rules of visibility leave: somebody
 * hidden is answered like somebody who does not exist.
 */
@Injectable()
export class People {
  constructor(
    private readonly store: PeopleStore,
    private readonly lists: PeopleListStore,
    private readonly departments: Departments,
    private readonly blobs: BlobStore,
    private readonly views: Views,
  ) {}

  /** Throws `department.not_found`. */
  async list(viewer: Viewer, query: PeopleQuery): Promise<Page<PersonSummary>> {
    return this.page(viewer, query, toSummary);
  }

  async listForAdministrator(query: PeopleQuery): Promise<Page<AdminPerson>> {
    return this.page('system', query, (row) => ({
      ...toSummary(row),
      email: row.email,
      staffNumber: row.staffNumber,
      changedAt: row.changedAt.toISOString(),
    }));
  }

  /** Those of the ids that exist and may be seen. */
  async summaries(viewer: Viewer, ids: readonly string[]): Promise<PersonSummary[]> {
    if (ids.length === 0) return [];
    return this.seen(await this.views.of(viewer), ids);
  }

  /** The one active person of whom this is true; undefined where it is nobody, or several. For signing in. */
  idBy(attribute: 'username' | 'staffNumber' | 'email', value: string): Promise<string | undefined> {
    return this.store.idBy(attribute, value);
  }

  /**
   * As `summaries`, for people whom the viewer meets in a conversation: of those hidden elsewhere their name is told,
   * which the conversation tells anyway, and nothing else.
   */
  async metSummaries(viewer: Viewer, ids: readonly string[]): Promise<PersonSummary[]> {
    const seen = await this.summaries(viewer, ids);
    const missing = ids.filter((id) => !seen.some((person) => person.id === id));
    if (missing.length === 0) return seen;
    return [...seen, ...(await this.store.byIds(missing)).map(toNameAlone)];
  }

  /** Those of the ids whom the viewer sees. */
  async seenAmong(viewer: Viewer, ids: readonly string[]): Promise<Set<string>> {
    const { hidden } = await this.views.of(viewer);
    return new Set(hidden ? await this.store.idsWhere(ids, not(hidden)) : ids);
  }

  /** Whom of these the viewer cannot bring into a conversation. */
  async unapproachable(viewer: Viewer, ids: readonly string[]): Promise<Unapproachable> {
    const view = await this.views.of(viewer);
    const active = await this.store.activeAmong(ids);
    const seen = new Set(view.hidden ? await this.store.idsWhere(ids, not(view.hidden)) : ids);
    const guarded = new Set(view.protected ? await this.store.idsWhere(ids, view.protected) : []);
    const unknown = ids.filter((id) => !active.has(id) || !seen.has(id));
    return { unknown, protected: ids.filter((id) => guarded.has(id) && !unknown.includes(id)) };
  }

  /** Throws `person.not_found`. */
  async card(viewer: Viewer, id: string): Promise<Person> {
    const view = await this.views.of(viewer);
    const person = await this.find(view, id);
    const { managerId, photoType: _photoType, ...values } = person;
    const [posts, managers, fields] = await Promise.all([
      this.store.posts(id),
      managerId ? this.seen(view, await this.store.managerLine(id)) : [],
      this.withheldFields(view, id),
    ]);
    return {
      ...values,
      ...Object.fromEntries(fields.map((field) => [field, null])),
      posts,
      manager: managers.find((manager) => manager.id === managerId) ?? null,
      managers,
    };
  }

  /** Throws `person.not_found` also for a person without a photo. */
  async photo(viewer: Viewer, id: string): Promise<{ type: string; version: string; content: Readable }> {
    const person = await this.find(await this.views.of(viewer), id);
    if (!person.photo || !person.photoType) throw new AppError('person.not_found');
    try {
      const content = await this.blobs.read('files', photoKey(person.photo), 0, Number.MAX_SAFE_INTEGER);
      return { type: person.photoType, version: person.photo, content };
    } catch (error) {
      if (error instanceof BlobMissing) throw new AppError('person.not_found', { cause: error });
      throw error;
    }
  }

  /** What people were called up to a position of the log, oldest name first; people without a name are missing. */
  async nameVersions(ids: readonly string[], upToPos: number): Promise<Map<string, NameVersion[]>> {
    return Map.groupBy(await this.store.nameVersions(ids, upToPos), ({ personId }) => personId);
  }

  /** The active superiors of a person, the next one first. */
  managerLine(id: string): Promise<string[]> {
    return this.store.managerLine(id);
  }

  /** Where the leaving of somebody who is not active stands in the log; undefined of everybody else. */
  departure(id: string): Promise<number | undefined> {
    return this.store.departure(id);
  }

  counts() {
    return this.store.counts();
  }

  private async find(view: PeopleView, id: string): Promise<PersonDetails> {
    const [seen] = view.hidden ? await this.store.idsWhere([id], not(view.hidden)) : [id];
    const person = seen === undefined ? undefined : await this.store.find(id);
    if (!person) throw new AppError('person.not_found');
    return person;
  }

  private async seen(view: PeopleView, ids: readonly string[]): Promise<PersonSummary[]> {
    const visible = view.hidden ? await this.store.idsWhere(ids, not(view.hidden)) : ids;
    const byId = new Map((await this.store.byIds(visible)).map((row) => [row.id, row]));
    return ids.flatMap((id) => {
      const row = byId.get(id);
      return row ? [toSummary(row)] : [];
    });
  }

  private async withheldFields(view: PeopleView, id: string): Promise<string[]> {
    const fields = new Set<string>();
    for (const { fields: withheld, condition } of view.withhold) {
      const [concerned] = await this.store.idsWhere([id], condition);
      if (concerned !== undefined) for (const field of withheld) fields.add(field);
    }
    return [...fields];
  }

  private async page<Item>(
    viewer: Viewer,
    query: PeopleQuery,
    present: (row: ListedRow) => Item,
  ): Promise<Page<Item>> {
    const { q, department, active, limit } = query;
    const view = await this.views.of(viewer);
    if (department) await this.departments.require(view, department);
    const search = q === undefined ? undefined : searchQuery(q);
    if (q !== undefined && search === undefined) return { items: [], nextCursor: null };
    const [match, rank, sortKey, id] = decodeCursor(query.cursor, 4) ?? [];
    const rows = await this.lists.list({
      search,
      departmentId: department,
      active,
      visible: view.hidden && not(view.hidden),
      withheld: view.withheld,
      ...(id !== undefined && {
        after: { match: Number(match), rank: Number(rank), sortKey: String(sortKey), id: String(id) },
      }),
      limit: limit + 1,
    });
    return toPage(rows, limit, (row) => [row.match, row.rank, row.sortKey, row.id], present);
  }
}

const toSummary = (row: SummaryRow): PersonSummary => ({
  id: row.id,
  kind: row.kind,
  username: row.username,
  displayName: row.displayName,
  title: row.title,
  departmentId: row.departmentId,
  departmentName: row.departmentName,
  photo: row.photo,
  active: row.active,
});

const toNameAlone = (row: SummaryRow): PersonSummary => ({
  ...toSummary(row),
  username: '',
  title: null,
  departmentId: null,
  departmentName: null,
  photo: null,
});
