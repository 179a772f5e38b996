import { Injectable } from '@nestjs/common';
import { Database, withLock } from '#persistence';
import { nameTerms, searchTerms, sortKey, termsForm, type Searchable } from './search-terms.js';

/** Rows of a transaction: nobody waits long for them. */
const batch = 500;

type Named = Searchable & { id: string };

/** Keeps what is searched in agreement with what is searched for. */
@Injectable()
export class SearchIndexStore {
  constructor(private readonly database: Database) {}

  /** One process at a time; another need not do the same. */
  async exclusively(work: () => Promise<void>): Promise<void> {
    await withLock(this.database, 'chancery directory search index', work);
  }

  /**
   * Indexes people anew whose terms were made by an earlier version of the product.
   * @returns the last id looked at; undefined when there are no more
   */
  renewPeople(after: string | null): Promise<string | undefined> {
    return this.database.transaction(async (tx) => {
      const people = await tx.query<Named>(
        `select id, display_name as "displayName", given_name as "givenName", username, email, phone, mobile,
                staff_number as "staffNumber"
           from directory.person
          where ($1::uuid is null or id > $1) and not terms @@ $2::tsquery
          order by id limit $3 for update`,
        [after, `'${termsForm}'`, batch],
      );
      await tx.query(
        `update directory.person p set terms = array_to_tsvector(made.terms), sort_key = made.sort_key
           from jsonb_to_recordset($1::jsonb) as made (id uuid, terms text[], sort_key text) where p.id = made.id`,
        [JSON.stringify(people.map(indexed))],
      );
      return people.length < batch ? undefined : people.at(-1)!.id;
    });
  }

  /** @returns whether there may be more */
  async renewDepartments(): Promise<boolean> {
    const departments = await this.database.query<{ id: string; name: string }>(
      `select d.id, d.name from directory.department d
         left join directory.department_terms t on t.department_id = d.id
        where t.name is distinct from d.name limit $1`,
      [batch],
    );
    const made = departments.map(({ id, name }) => ({ id, name, terms: nameTerms(name) }));
    await this.database.query(
      `insert into directory.department_terms (department_id, name, terms)
       select id, name, array_to_tsvector(terms)
         from jsonb_to_recordset($1::jsonb) as made (id uuid, name text, terms text[])
       on conflict (department_id) do update set name = excluded.name, terms = excluded.terms`,
      [JSON.stringify(made)],
    );
    return departments.length === batch;
  }
}

const indexed = (person: Named) => ({
  id: person.id,
  terms: searchTerms(person),
  sort_key: sortKey(person.displayName),
});
