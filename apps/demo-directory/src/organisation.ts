import { type Department, departmentCountFor, departmentsUpTo } from './departments.js';
import { chance, draw, pick } from './draw.js';
import { nameOf, type PersonName } from './names.js';
import { positionIn, seats, sidePosition } from './ranks.js';
import { stableUuid } from './stable-uuid.js';

export interface Post {
  readonly department: number;
  readonly title: string;
  readonly rank: number;
  /** Place within the department: by rank, then by seniority. */
  readonly order: number;
}

export interface Person {
  readonly index: number;
  readonly uid: string;
  readonly name: PersonName;
  /** The primary post first. */
  readonly posts: readonly [Post, ...Post[]];
  /** Index of the person above; none for the minister. */
  readonly manager: number | undefined;
  readonly disabled: boolean;
  readonly hasPhoto: boolean;
}

const disabledEvery = 50;
const photographed = 300;

/**
 * The invented ministry, a function of the seed and of how many people it has. More people only add: who is there
 * keeps name, account, department, post and superior, because a person depends only on those who came before.
 */
export class Organisation {
  readonly departments: readonly Department[];
  readonly #departmentOf: Int32Array;
  readonly #ordinalOf: Int32Array;
  readonly #headOf: Int32Array;
  readonly #departmentUuids: readonly string[];
  readonly #uids: string[] = [];

  constructor(
    readonly seed: number,
    readonly people: number,
  ) {
    this.departments = departmentsUpTo(departmentCountFor(people));
    this.#departmentUuids = this.departments.map(({ index }) => stableUuid(seed, `department/${index}`));
    this.#departmentOf = new Int32Array(people);
    this.#ordinalOf = new Int32Array(people);
    this.#headOf = new Int32Array(this.departments.length);
    this.#seatPeople();
    this.#nameAccounts();
  }

  /** Account names in the order in which people came. */
  get uids(): readonly string[] {
    return this.#uids;
  }

  uid(index: number): string {
    const uid = this.#uids[index];
    if (uid === undefined) throw new RangeError(`There is no person ${index}.`);
    return uid;
  }

  person(index: number): Person {
    return {
      index,
      uid: this.uid(index),
      name: nameOf(this.seed, index),
      posts: this.#postsOf(index),
      manager: this.managerOf(index),
      disabled: this.isDisabled(index),
      hasPhoto: index < photographed && !chance(this.seed, 'photo', index, 10),
    };
  }

  department(index: number): Department {
    const department = this.departments[index];
    if (department === undefined) throw new RangeError(`There is no department ${index}.`);
    return department;
  }

  headOf(department: number): number {
    return this.#headOf[department] ?? 0;
  }

  managerOf(index: number): number | undefined {
    const department = this.department(this.#departmentOf[index] ?? 0);
    const head = this.headOf(department.index);
    if (head !== index) return head;
    return department.parent === undefined ? undefined : this.headOf(department.parent);
  }

  /** Two in a hundred, exactly one in each fifty, never the head of a department. */
  isDisabled(index: number): boolean {
    const block = Math.floor(index / disabledEvery);
    const slot = 25 + (draw(this.seed, 'disabled', block) % 25);
    return index % disabledEvery === slot && this.#ordinalOf[index] !== 0;
  }

  departmentUuid(index: number): string {
    return this.#departmentUuids[index] ?? stableUuid(this.seed, `department/${index}`);
  }

  personUuid(index: number): string {
    return stableUuid(this.seed, `person/${index}`);
  }

  #postsOf(index: number): [Post, ...Post[]] {
    const department = this.department(this.#departmentOf[index] ?? 0);
    const ordinal = this.#ordinalOf[index] ?? 0;
    const { title, rank } = positionIn(
      department.name,
      department.level,
      ordinal,
      draw(this.seed, 'title', index),
    );
    const primary = { department: department.index, title, rank, order: rank * 10_000 + ordinal };
    const second = this.#secondPostOf(index, department.index);
    return second ? [primary, second] : [primary];
  }

  #secondPostOf(index: number, primary: number): Post | undefined {
    if (!chance(this.seed, 'secondPost', index, 8)) return undefined;
    const department = draw(this.seed, 'secondDepartment', index) % departmentCountFor(index + 1);
    if (department === primary) return undefined;
    const { title, rank } = sidePosition(draw(this.seed, 'secondTitle', index));
    return { department, title, rank, order: rank * 10_000 + index };
  }

  /** Whoever comes when a department is founded heads it; everybody else goes where a seat is free. */
  #seatPeople(): void {
    const occupied = new Int32Array(this.departments.length);
    const open: number[] = [];
    let founded = 0;
    for (let index = 0; index < this.people; index += 1) {
      let department: number;
      if (founded < departmentCountFor(index + 1)) {
        department = founded;
        this.#headOf[department] = index;
        open.push(department);
        founded += 1;
      } else {
        department = pick(open, draw(this.seed, 'department', index));
      }
      const ordinal = occupied[department] ?? 0;
      this.#departmentOf[index] = department;
      this.#ordinalOf[index] = ordinal;
      occupied[department] = ordinal + 1;
      if (ordinal + 1 >= seats(this.department(department).level)) open.splice(open.indexOf(department), 1);
    }
  }

  /** zhangwei, then zhangwei2, zhangwei3 …: the names of those who came first never change. */
  #nameAccounts(): void {
    const taken = new Map<string, number>();
    for (let index = 0; index < this.people; index += 1) {
      const { account } = nameOf(this.seed, index);
      const namesakes = (taken.get(account) ?? 0) + 1;
      taken.set(account, namesakes);
      this.#uids.push(namesakes === 1 ? account : `${account}${namesakes}`);
    }
  }
}
