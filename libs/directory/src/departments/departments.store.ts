import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { DepartmentRow } from './department.entity.js';

export interface DepartmentsFilter {
  parentId: string | null;
  /** Left out. */
  except: readonly string[];
  after?: { position: number; name: string; id: string };
  limit: number;
}

@Injectable()
export class DepartmentsStore {
  constructor(private readonly database: Database) {}

  find(id: string): Promise<DepartmentRow | null> {
    return this.database.repository(DepartmentRow).findOneBy({ id, active: true });
  }

  children(filter: DepartmentsFilter): Promise<DepartmentRow[]> {
    const query = this.database
      .repository(DepartmentRow)
      .createQueryBuilder('d')
      .where(filter.parentId ? 'd.parentId = :parentId' : 'd.parentId is null', { parentId: filter.parentId })
      .andWhere('d.active')
      .andWhere('d.id <> all(:except::uuid[])', { except: filter.except })
      .orderBy('d.position')
      .addOrderBy('d.name')
      .addOrderBy('d.id')
      .limit(filter.limit);
    if (filter.after) {
      query.andWhere('(d.position, d.name, d.id) > (:position, :name, :id)', filter.after);
    }
    return query.getMany();
  }

  /** From the top down to the department itself. */
  way(id: string): Promise<{ id: string; name: string }[]> {
    return this.database.query(
      `with recursive way as (
         select id, name, parent_id, 0 as depth from directory.department where id = $1
         union all
         select d.id, d.name, d.parent_id, depth + 1
           from way join directory.department d on d.id = way.parent_id where depth < 64
       ) select id, name from way order by depth desc`,
      [id],
    );
  }
}
