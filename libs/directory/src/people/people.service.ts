import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { BlobMissing, BlobStore } from '#blobs';
import type { AdminPerson, Page, Person, PersonSummary } from '#contracts';
import { decodeCursor, toPage } from '#persistence';
import { AppError } from '#platform';
import { DepartmentsStore } from '../departments/departments.store.js';
import { PeopleListStore, type ListedRow } from './people-list.store.js';
import { PeopleStore, type NameVersion, type SummaryRow } from './people.store.js';
import { photoKey } from './photo.js';
import { searchQuery } from './search-terms.js';

export interface PeopleQuery {
  q?: string;
  department?: string;
  active?: boolean;
  cursor?: string;
  limit: number;
}

/** Finding people, and what is on their cards. */
@Injectable()
export class People {
  constructor(
    private readonly store: PeopleStore,
    private readonly lists: PeopleListStore,
    private readonly departments: DepartmentsStore,
    private readonly blobs: BlobStore,
  ) {}

  async list(query: PeopleQuery): Promise<Page<PersonSummary>> {
    return this.page(query, toSummary);
  }

  async listForAdministrator(query: PeopleQuery): Promise<Page<AdminPerson>> {
    return this.page(query, (row) => ({
      ...toSummary(row),
      email: row.email,
      staffNumber: row.staffNumber,
      changedAt: row.changedAt.toISOString(),
    }));
  }

  /** Those of the ids that exist. */
  async summaries(ids: readonly string[]): Promise<PersonSummary[]> {
    return ids.length === 0 ? [] : (await this.store.byIds(ids)).map(toSummary);
  }

  /** Throws `person.not_found`. */
  async card(id: string): Promise<Person> {
    const person = await this.store.find(id);
    if (!person) throw new AppError('person.not_found');
    const { managerId, photoType: _photoType, ...values } = person;
    const [posts, managers] = await Promise.all([
      this.store.posts(id),
      this.summaries(managerId ? [managerId] : []),
    ]);
    return { ...values, posts, manager: managers[0] ?? null };
  }

  /** Throws `person.not_found` also for a person without a photo. */
  async photo(id: string): Promise<{ type: string; version: string; content: Readable }> {
    const person = await this.store.find(id);
    if (!person?.photo || !person.photoType) throw new AppError('person.not_found');
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

  activeAmong(ids: readonly string[]): Promise<Set<string>> {
    return this.store.activeAmong(ids);
  }

  /** Changes of people after a position of the log; who must follow them reads this. */
  changesAfter(pos: number, limit: number) {
    return this.store.changesAfter(pos, limit);
  }

  counts() {
    return this.store.counts();
  }

  private async page<Item>(query: PeopleQuery, present: (row: ListedRow) => Item): Promise<Page<Item>> {
    const { q, department, active, limit } = query;
    if (department && !(await this.departments.find(department))) throw new AppError('department.not_found');
    const search = q === undefined ? undefined : searchQuery(q);
    if (q !== undefined && search === undefined) return { items: [], nextCursor: null };
    const [match, rank, sortKey, id] = decodeCursor(query.cursor, 4) ?? [];
    const rows = await this.lists.list({
      search,
      departmentId: department,
      active,
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
