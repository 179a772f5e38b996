import { Attribute, Change, type Client } from 'ldapts';

/** How a kind of directory writes what an office consists of. */
export interface Dialect {
  /** Below it lies the office. */
  base: string;
  /** Attributes of a new person with a name. */
  person(uid: string, name: string): Record<string, string | string[]>;
  /** First part of a person's DN: a name in the one, an account in the other. */
  rdn(uid: string, name: string): string;
  /** What an account is called. */
  account: string;
  enabled(is: boolean): { attribute: string; value: string };
}

interface Entry {
  dn: string;
  uid: string;
  /** Whoever came earlier may be the manager of whoever came later: there are no circles. */
  number: number;
  isEnabled: boolean;
}

const names = `财政部|A, B|R+D|say "hi"|back\\slash|#1|<b>粗</b>|𬭎部|O'Neil; drop|é=`.split('|');
const people = `张伟|欧阳䶮|Ann, Lee|R. "Bob" #2|*)(uid=*|=1+1|𠮷田|x\\y|Zoë+`.split('|');

/** RFC 4514 §2.4. */
export const escapedName = (text: string): string =>
  text.replaceAll(/[,+"\\<>;=]/g, (one) => `\\${one}`).replace(/^[# ]/, (one) => `\\${one}`);

/** An office in a real directory, in which the things happen that happen in offices, by the rules of a seed. */
export class OfficeLife {
  private departments: string[] = [];
  private people: Entry[] = [];
  private groups = 0;
  private made = 0;

  private client: Client;

  constructor(
    private readonly dialect: Dialect,
    private readonly draw: () => number,
  ) {}

  /** From now on over this connection. */
  over(client: Client): this {
    this.client = client;
    return this;
  }

  get root(): string {
    return `ou=office,${this.dialect.base}`;
  }

  async found({ departments, people }: { departments: number; people: number }): Promise<void> {
    await this.client.add(this.root, { objectClass: 'organizationalUnit', ou: 'office' });
    // Somebody always sits at the top, so the top always belongs to the organisation.
    await this.hire(this.root);
    while (this.departments.length < departments) await this.openDepartment();
    while (this.people.length < people) await this.hire(this.anywhere());
  }

  /** Something happens. @returns what */
  async happen(): Promise<string> {
    const acts = [
      () => this.rename(),
      () => this.move(),
      () => this.swapMail(),
      () => this.recreate(),
      () => this.split(),
      () => this.moveDepartment(),
      () => this.renameDepartment(),
      () => this.toggle(),
      () => this.report(),
      () => this.change(),
      () => this.nest(),
      () => this.hire(this.anywhere()),
    ];
    return acts[Math.floor(this.draw() * acts.length)]!();
  }

  /** So many leave at once, of those whose accounts are enabled. */
  async leave(count: number): Promise<void> {
    await this.remove(
      this.people
        .slice(1)
        .filter(({ isEnabled }) => isEnabled)
        .slice(0, count),
    );
  }

  /** Everybody but the one at the top leaves: the units stay, with nobody in them. */
  async empty(): Promise<void> {
    await this.remove(this.people.slice(1));
  }

  private async remove(leaving: readonly Entry[]): Promise<void> {
    for (const { dn } of leaving) await this.client.del(dn);
    this.people = this.people.filter((person) => !leaving.includes(person));
  }

  private async openDepartment(): Promise<string> {
    this.made += 1;
    const name = `${this.pick(names)} ${this.made}`;
    const dn = `ou=${escapedName(name)},${this.anywhere()}`;
    await this.client.add(dn, { objectClass: 'organizationalUnit', ou: name });
    this.departments.push(dn);
    return dn;
  }

  private async hire(below: string, uid = `u${(this.made += 1)}`): Promise<string> {
    const name = `${this.pick(people)} ${uid}`;
    const dn = `${this.dialect.rdn(uid, name)},${below}`;
    const attributes = { mail: `${uid}@test`, title: 'clerk', telephoneNumber: '555' };
    await this.client.add(dn, { ...this.dialect.person(uid, name), ...attributes });
    this.people.push({ dn, uid, number: (this.made += 1), isEnabled: true });
    return `hired ${uid}`;
  }

  private async rename(): Promise<string> {
    const person = this.anybody();
    const uid = `n${(this.made += 1)}`;
    const name = `${this.pick(people)} ${uid}`;
    await this.rebase(person, `${this.dialect.rdn(uid, name)},${above(person.dn)}`);
    await this.set(person.dn, { displayName: name, [this.dialect.account]: uid });
    person.uid = uid;
    return `renamed to ${uid}`;
  }

  private async move(): Promise<string> {
    const person = this.anybody();
    await this.rebase(person, `${first(person.dn)},${this.anywhere()}`);
    return `moved ${person.uid}`;
  }

  private async swapMail(): Promise<string> {
    const [one, other] = [this.anybody(), this.anybody()];
    await this.set(one.dn, { mail: `${other.uid}@test` });
    await this.set(other.dn, { mail: `${one.uid}@test` });
    return `swapped the mail of ${one.uid} and ${other.uid}`;
  }

  private async recreate(): Promise<string> {
    const person = this.anybody();
    await this.client.del(person.dn);
    this.people.splice(this.people.indexOf(person), 1);
    await this.hire(this.anywhere(), person.uid);
    return `deleted and recreated ${person.uid}`;
  }

  private async split(): Promise<string> {
    const from = this.anywhere();
    const to = await this.openDepartment();
    const there = this.people.slice(1).filter(({ dn }) => above(dn) === from);
    for (const person of there.slice(0, there.length / 2))
      await this.rebase(person, `${first(person.dn)},${to}`);
    return `split ${from}`;
  }

  private async moveDepartment(): Promise<string> {
    const department = this.pick(this.departments);
    const places = [this.root, ...this.departments].filter(
      (dn) => dn !== department && !dn.endsWith(`,${department}`),
    );
    return this.renameSubtree(department, `${first(department)},${this.pick(places)}`);
  }

  private async renameDepartment(): Promise<string> {
    const department = this.pick(this.departments);
    return this.renameSubtree(
      department,
      `ou=${escapedName(`${this.pick(names)} ${(this.made += 1)}`)},${above(department)}`,
    );
  }

  private async toggle(): Promise<string> {
    const person = this.anybody();
    // Few are disabled at a time, so that no guard has reason to stop a run.
    const isEnabled = !person.isEnabled;
    const { attribute, value } = this.dialect.enabled(isEnabled);
    await this.set(person.dn, { [attribute]: value });
    person.isEnabled = isEnabled;
    return `${isEnabled ? 'enabled' : 'disabled'} ${person.uid}`;
  }

  private async report(): Promise<string> {
    const [one, other] = [this.anybody(), this.anybody()].toSorted((a, b) => a.number - b.number);
    if (one === other) return 'nothing';
    await this.set(other!.dn, { manager: one!.dn });
    return `${other!.uid} reports to ${one!.uid}`;
  }

  private async change(): Promise<string> {
    const person = this.anybody();
    await this.set(person.dn, {
      title: `title ${(this.made += 1)}`,
      telephoneNumber: this.draw() < 0.5 ? '' : '110',
    });
    return `changed ${person.uid}`;
  }

  /** Groups in groups are none of the organisation's business, and must not disturb it. */
  private async nest(): Promise<string> {
    this.groups += 1;
    const dn = `cn=group ${this.groups},${this.root}`;
    const isNested = this.groups > 1 && this.draw() < 0.7;
    const member = isNested ? `cn=group ${this.groups - 1},${this.root}` : this.anybody().dn;
    await this.client.add(dn, {
      objectClass: this.dialect.account === 'uid' ? 'groupOfNames' : 'group',
      member,
    });
    return 'nested a group';
  }

  private async renameSubtree(from: string, to: string): Promise<string> {
    if (to === from) return 'nothing';
    try {
      await this.client.modifyDN(from, to);
    } catch (error) {
      // slapd has been seen to be unable to take a subtree to some places: there nothing happens.
      if (error instanceof Error && error.message.startsWith('DN index add failed')) return 'nothing';
      throw error;
    }
    const moved = (dn: string) =>
      dn === from || dn.endsWith(`,${from}`) ? dn.slice(0, dn.length - from.length) + to : dn;
    this.departments = this.departments.map(moved);
    for (const person of this.people) person.dn = moved(person.dn);
    return `${from} became ${to}`;
  }

  private async rebase(person: Entry, to: string): Promise<void> {
    if (to === person.dn) return;
    await this.client.modifyDN(person.dn, to);
    person.dn = to;
  }

  private async set(dn: string, values: Record<string, string>): Promise<void> {
    const changes = Object.entries(values).map(
      ([type, value]) =>
        new Change({
          operation: 'replace',
          modification: new Attribute({ type, values: value === '' ? [] : [value] }),
        }),
    );
    await this.client.modify(dn, changes);
  }

  private anywhere(): string {
    return this.pick([this.root, ...this.departments]);
  }

  /** But the first, who stays. */
  private anybody(): Entry {
    return this.pick(this.people.slice(1));
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.draw() * from.length)]!;
  }
}

const firstPart = /^(?:\\.|[^,\\])+/;
const first = (dn: string): string => firstPart.exec(dn)![0];
const above = (dn: string): string => dn.slice(first(dn).length + 1);
