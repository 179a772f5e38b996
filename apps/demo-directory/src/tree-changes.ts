import { randomUUID } from 'node:crypto';
import { type DnKey, dnKey, dnText, isWithin, parentKey } from './distinguished-name.js';
import type { DirectoryTree } from './directory-tree.js';
import { StoredEntry, type Value } from './entry.js';
import { generalizedTime } from './generalized-time.js';
import { type LdapAttribute, type LdapChange, type LdapDn, Refusal, resultCode } from './ldap-wire.js';
import { type AttributeType, attributeKey, attributeType } from './schema.js';
import { comparable } from './search-filter.js';

type Draft = Map<string, Value[]>;

/** Changes by hand, as tests make them: in memory only, forgotten with the process. */
export class TreeChanges {
  constructor(
    private readonly tree: DirectoryTree,
    private readonly now: () => Date = () => new Date(),
  ) {}

  modify(dn: LdapDn, changes: readonly LdapChange[]): void {
    const { position, entry } = this.#require(dnKey(dn));
    const draft: Draft = new Map(entry.attributes.map((key) => [key, [...entry.read(key)]]));
    for (const change of changes) applyChange(draft, change);
    this.tree.write(position, this.#finish(entry.dn, dn, draft));
  }

  add(dn: LdapDn, attributes: readonly LdapAttribute[]): void {
    const key = dnKey(dn);
    if (this.tree.find(key))
      throw new Refusal(resultCode.entryAlreadyExists, 'There is such an entry already.');
    if (!this.tree.find(parentKey(key))) {
      throw new Refusal(resultCode.noSuchObject, 'There is no entry above this one.');
    }
    const draft: Draft = new Map();
    for (const modification of attributes) applyChange(draft, { operation: 'add', modification });
    draft.set('entryuuid', [randomUUID()]);
    draft.set('createtimestamp', [generalizedTime(this.now())]);
    this.tree.append(this.#finish(dnText(dn), dn, draft));
  }

  remove(dn: LdapDn): void {
    const { position, entry } = this.#require(dnKey(dn));
    if (this.#hasChildren(entry.key)) {
      throw new Refusal(resultCode.notAllowedOnNonLeaf, 'There are entries below this one.');
    }
    this.tree.write(position, undefined);
  }

  #finish(text: string, dn: LdapDn, draft: Draft): StoredEntry {
    draft.set('modifytimestamp', [generalizedTime(this.now())]);
    for (const [key, values] of draft) checkValues(key, values);
    if (!draft.get('objectclass')?.length) {
      throw new Refusal(resultCode.objectClassViolation, 'An entry needs an objectClass.');
    }
    const rdn = dn.rdnAt(0);
    for (const name of rdn.keys()) {
      if (!includes(draft.get(attributeKey(name)) ?? [], String(rdn.getValue(name)), requireType(name))) {
        throw new Refusal(resultCode.notAllowedOnRdn, `The name of the entry needs its ${name}.`);
      }
    }
    return new StoredEntry(text, draft);
  }

  #require(key: DnKey) {
    const position = this.tree.positionOf(key);
    const entry = position === undefined ? undefined : this.tree.at(position);
    if (position === undefined || !entry) {
      throw new Refusal(resultCode.noSuchObject, 'There is no such entry.');
    }
    return { position, entry };
  }

  #hasChildren(key: DnKey): boolean {
    for (const [start, end] of this.tree.stretchesBelow(key)) {
      for (let position = start; position < end; position += 1) {
        const below = this.tree.at(position)?.key;
        if (below !== undefined && below !== key && isWithin(below, key)) return true;
      }
    }
    return false;
  }
}

function applyChange(draft: Draft, { operation, modification }: LdapChange): void {
  const type = requireType(modification.type);
  requireWritable(type, modification);
  const key = attributeKey(modification.type);
  const held = draft.get(key) ?? [];
  if (operation === 'replace') {
    draft.set(key, [...modification.values]);
  } else if (operation === 'add') {
    const repeated = modification.values.find((value) => includes(held, value, type));
    if (repeated !== undefined) {
      throw new Refusal(resultCode.attributeOrValueExists, `The ${type.name} has this value already.`);
    }
    draft.set(key, [...held, ...modification.values]);
  } else {
    draft.set(key, without(held, modification.values, type));
  }
}

function without(held: readonly Value[], values: readonly string[], type: AttributeType): Value[] {
  const isMissing = held.length === 0 || values.some((value) => !includes(held, value, type));
  if (isMissing) throw new Refusal(resultCode.noSuchAttribute, `The ${type.name} does not have this value.`);
  return values.length === 0 ? [] : held.filter((value) => !includes(values, value, type));
}

function requireType(name: string): AttributeType {
  const type = attributeType(attributeKey(name));
  if (type) return type;
  if (attributeKey(name) === 'userpassword') {
    throw new Refusal(resultCode.unwillingToPerform, 'Passwords cannot be changed here.');
  }
  throw new Refusal(resultCode.undefinedAttributeType, `The attribute ${name} is not known here.`);
}

function requireWritable(type: AttributeType, modification: LdapAttribute): void {
  if (type.protected) {
    throw new Refusal(resultCode.constraintViolation, `The ${type.name} is kept by the server.`);
  }
  // ldapjs has turned the bytes into text before they get here, and no photo survives that.
  if (type.syntax === 'binary' && modification.values.length > 0) {
    throw new Refusal(resultCode.unwillingToPerform, `The ${type.name} can only be removed.`);
  }
}

function checkValues(key: string, values: readonly Value[]): void {
  const type = requireType(key);
  if (type.single && values.length > 1) {
    throw new Refusal(resultCode.constraintViolation, `The ${type.name} has one value at most.`);
  }
  if (type.syntax === 'binary') return;
  if (values.some((value) => comparable(value, type.syntax) === undefined)) {
    throw new Refusal(resultCode.invalidAttributeSyntax, `A value of ${type.name} does not have its form.`);
  }
}

function includes(held: readonly Value[], value: Value, type: AttributeType): boolean {
  const sought = comparable(value, type.syntax);
  return sought !== undefined && held.some((each) => comparable(each, type.syntax) === sought);
}
