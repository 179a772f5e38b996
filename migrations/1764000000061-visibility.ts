import { SqlMigration } from './sql-migration.js';

/** Rules about who sees whom, and for each department the way down to it, so that a rule reaches what lies below. */
export class Visibility1764000000061 extends SqlMigration {
  protected readonly statements = [
    `create table directory.visibility_version (
       version integer not null,
       rules jsonb not null,
       reason text not null,
       client_id text not null,
       changed_by_id uuid not null,
       changed_by text not null,
       changed_at timestamptz not null default now(),
       constraint visibility_version_pk primary key (version),
       constraint visibility_version_client unique (changed_by_id, client_id)
     )`,
    `grant select, insert on directory.visibility_version to chancery_app`,
    `create table directory.department_way (
       department_id uuid not null,
       way uuid[] not null,
       constraint department_way_pk primary key (department_id)
     )`,
    `create index department_way_way on directory.department_way using gin (way)`,
    `grant select, insert, update, delete on directory.department_way to chancery_app`,
    `create function directory.renew_ways(ids uuid[]) returns void language sql as $$
       with recursive below as (
         select unnest(ids) as id, 0 as depth
         union
         select d.id, depth + 1 from below join directory.department d on d.parent_id = below.id where depth < 64
       ), above as (
         select distinct id as department, id, 0 as depth from below
         union all
         select above.department, d.parent_id, depth + 1
           from above join directory.department d on d.id = above.id
          where d.parent_id is not null and depth < 64
       )
       insert into directory.department_way (department_id, way)
       select department, array_agg(id order by depth desc) from above group by department
       on conflict (department_id) do update set way = excluded.way
        where department_way.way is distinct from excluded.way
     $$`,
    // Whoever writes departments keeps the ways right without knowing of them. A cycle ends at a depth of 64.
    `create function directory.follow_new_departments() returns trigger language plpgsql as $$
     begin
       perform directory.renew_ways(array(select id from fresh));
       return null;
     end $$`,
    `create function directory.follow_moved_departments() returns trigger language plpgsql as $$
     declare
       moved uuid[] := array(select fresh.id from fresh join former using (id)
                              where fresh.parent_id is distinct from former.parent_id);
     begin
       if cardinality(moved) > 0 then
         perform directory.renew_ways(moved);
       end if;
       return null;
     end $$`,
    `create trigger department_added after insert on directory.department
       referencing new table as fresh for each statement execute function directory.follow_new_departments()`,
    `create trigger department_moved after update on directory.department
       referencing old table as former new table as fresh
       for each statement execute function directory.follow_moved_departments()`,
    `with recursive above as (
       select id as department, id, 0 as depth from directory.department
       union all
       select above.department, d.parent_id, depth + 1
         from above join directory.department d on d.id = above.id
        where d.parent_id is not null and depth < 64
     )
     insert into directory.department_way (department_id, way)
     select department, array_agg(id order by depth desc) from above group by department`,
  ];
}
