import { foldText, searchTerms, sortKey } from '../people/search-terms.js';
import type { PersonValues } from './changes.js';

export function toColumns(person: PersonValues & { id: string }): Record<string, unknown> {
  return {
    id: person.id,
    external_id: person.externalId,
    username: person.username,
    username_key: foldText(person.username),
    distinguished_name: person.dn,
    display_name: person.displayName,
    given_name: person.givenName,
    title: person.title,
    rank: person.rank,
    staff_number: person.staffNumber,
    email: person.email,
    phone: person.phone,
    mobile: person.mobile,
    department_id: person.departmentId,
    manager_id: person.managerId,
    active: person.active,
    sort_key: sortKey(person.displayName),
    terms: searchTerms(person),
    fingerprint: person.fingerprint,
    stamp: person.stamp,
  };
}

const columns = [
  'username',
  'username_key',
  'distinguished_name',
  'display_name',
  'given_name',
  'title',
  'rank',
  'staff_number',
  'email',
  'phone',
  'mobile',
  'department_id',
  'manager_id',
  'active',
  'sort_key',
  'fingerprint',
  'stamp',
];

export const upsertPeople = `
  insert into directory.person (id, source_id, external_id, changed_at, terms, ${columns.join(', ')})
  select id, $1::uuid, decode(external_id, 'hex'), now(), array_to_tsvector(terms), ${columns.join(', ')}
    from jsonb_to_recordset($2::jsonb) as planned (
      id uuid, external_id text, terms text[], username text, username_key text, distinguished_name text,
      display_name text, given_name text, title text, rank integer, staff_number text, email text, phone text,
      mobile text, department_id uuid, manager_id uuid, active boolean, sort_key text, fingerprint text, stamp text)
  on conflict (id) do update set changed_at = excluded.changed_at, terms = excluded.terms,
    ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`;

export const insertPosts = `
  insert into directory.post (person_id, department_id, title, main, position)
  select planned.id, post."departmentId", post.title, post.main, post.position
    from jsonb_to_recordset($1::jsonb) as planned (id uuid, posts jsonb),
         jsonb_to_recordset(planned.posts) as post ("departmentId" uuid, title text, main boolean, position integer)`;
