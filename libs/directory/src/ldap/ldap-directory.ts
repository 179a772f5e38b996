import {
  AndFilter,
  Control,
  EqualityFilter,
  FilterParser,
  InsufficientAccessError,
  NoSuchObjectError,
  ResultCodeError,
} from 'ldapts';
import type { Client, Entry } from 'ldapts';
import type { DirectorySourceSettings } from '#contracts';
import { AppError } from '#platform';
import { bindRefusal, type BindRefusal } from './bind-refusal.js';
import type { Connections } from './connection.js';
import type { Host } from './host-choice.js';
import { IncompleteRead } from './incomplete-read.js';
import { all, byteAttributes, externalIdOf, first, identityCondition, identityOf } from './mapping.js';
import { membershipAttributes, type Members } from './members.js';
import { ahead } from './pages-ahead.js';
import { asReceived, receivedOf, type ReceivedEntry } from './received-entry.js';
import { isPartition, referralTo } from './referral.js';
import { rangeOf } from './value-range.js';

const entriesOfPage = 1000;
/** Photos may have megabytes each. */
const photosOfPage = 25;

/** Shows what was deleted and is kept for a while. */
const showDeleted = '1.2.840.113556.1.4.417';

/** A base below which there is nothing that matches: it looks like a right that was lost. */
export class EmptyBase extends Error {
  override readonly name = 'EmptyBase';
}

/** A customer's directory over LDAP. Connections are made for each use and ended after it. */
export class LdapDirectory {
  constructor(
    private readonly connections: Connections,
    private readonly settings: DirectorySourceSettings,
    private readonly password: string,
  ) {}

  /** Work over one connection as the account that reads. */
  read<T>(work: (reader: DirectoryReader) => Promise<T>): Promise<T> {
    const { bindDn } = this.settings;
    return this.connections.as(bindDn, this.password, (client, server) => {
      const reader = new DirectoryReader(client, this.settings, server);
      reader.follow = (host, further) =>
        this.connections.asOn(host, [bindDn, this.password], (other, name) =>
          further(new DirectoryReader(other, this.settings, name)),
        );
      return work(reader);
    });
  }

  /** Where a user name is now; undefined when the directory does not know it, or knows several. */
  findByUsername(username: string): Promise<Entry | undefined> {
    return this.read((reader) => reader.findByUsername(username));
  }

  /**
   * Whether this is the password of the entry; undefined when it is. Throws `auth.directory_unavailable` when the
   * directory cannot be asked, which says nothing about the password.
   */
  async checkPassword(dn: string, password: string): Promise<BindRefusal | undefined> {
    // A bind without a password succeeds as anonymous (RFC 4513 §5.1.2), so it must never reach the server.
    if (password === '') return 'wrong';
    try {
      await this.connections.as(dn, password, () => Promise.resolve());
      return undefined;
    } catch (error) {
      const refusal = error instanceof ResultCodeError ? bindRefusal(error) : undefined;
      if (refusal) return refusal;
      throw new AppError('auth.directory_unavailable', { cause: error, retryAfterMs: 3000 });
    }
  }
}

/** Work on another server of the settings. */
type Follow = (host: Host, further: (reader: DirectoryReader) => Promise<void>) => Promise<void>;

/** Searches over one connection. A page that fails fails the whole. */
export class DirectoryReader {
  /** Absent where a referral was followed already: what is referred on from there is not. */
  follow: Follow | undefined;
  /** Referrals to servers that are none of the settings; nothing is read there. */
  readonly unfollowed = new Set<string>();

  constructor(
    private readonly client: Client,
    private readonly settings: DirectorySourceSettings,
    /** The server that answers. */
    readonly server = '',
    private readonly pageSize = entriesOfPage,
  ) {}

  /** Everything below the bases that matches, each entry once. Throws `EmptyBase` where a base has nothing. */
  async all(bases: readonly string[], filter: string, attributes: string[]): Promise<Entry[]> {
    const found: Entry[] = [];
    await this.each(bases, filter, attributes, (received) => found.push(received.read(byteAttributes)));
    return found;
  }

  /** The same, one entry after the other, as they are received. */
  async each(
    bases: readonly string[],
    filter: string,
    attributes: string[],
    handle: (received: ReceivedEntry) => void,
  ): Promise<void> {
    // Bases may lie within one another.
    const met = bases.length > 1 ? new Set<string>() : undefined;
    for (const base of bases) {
      let count = 0;
      await this.receive(base, filter, attributes, (page) => {
        count += page.length;
        for (const received of page) {
          if (met?.has(received.dn)) continue;
          met?.add(received.dn);
          handle(received);
        }
      });
      if (count === 0) throw new EmptyBase(`${base} holds nothing that matches ${filter}.`);
    }
  }

  /** Pages of what is below a base. */
  pages(
    base: string,
    filter: string,
    attributes: string[],
    handle: (entries: Entry[]) => void | Promise<void>,
  ): Promise<void> {
    const bytes = [...byteAttributes, this.settings.attributes.photo];
    return this.receive(base, filter, attributes, (page) =>
      handle(page.map((received) => received.read(bytes))),
    );
  }

  private async receive(
    base: string,
    filter: string,
    attributes: string[],
    handle: (page: ReceivedEntry[]) => void | Promise<void>,
  ): Promise<void> {
    const { photo } = this.settings.attributes;
    const isHeavy = photo !== '' && attributes.includes(photo);
    const pages = this.client.searchPaginated(base, {
      scope: 'sub',
      filter,
      attributes,
      explicitBufferAttributes: asReceived,
      paged: { pageSize: isHeavy ? photosOfPage : this.pageSize },
    });
    const referrals: string[] = [];
    for await (const { searchEntries, searchReferences } of ahead(pages)) {
      await handle(searchEntries.map(receivedOf));
      referrals.push(...searchReferences);
    }
    for (const url of referrals) {
      if (isPartition(url)) continue;
      const referral = referralTo(url, this.settings.hosts);
      if (!referral || !this.follow) this.unfollowed.add(url);
      else {
        await this.follow(referral.host, (reader) =>
          reader.receive(referral.dn || base, filter, attributes, handle),
        );
      }
    }
  }

  /**
   * Identities of entries that Active Directory has deleted since, as far as the account may see them: mostly it may
   * not, and nothing is found.
   */
  async deletedSince(usn: string): Promise<string[]> {
    const root = await this.one('', '(objectClass=*)', ['defaultNamingContext']);
    const pages = this.client.searchPaginated(
      `CN=Deleted Objects,${(root && first(root, 'defaultNamingContext')) ?? ''}`,
      {
        scope: 'sub',
        filter: `(&(isDeleted=TRUE)(uSNChanged>=${usn}))`,
        attributes: ['objectGUID'],
        explicitBufferAttributes: byteAttributes,
        paged: { pageSize: this.pageSize },
      },
      new Control(showDeleted, { critical: true }),
    );
    const found: string[] = [];
    try {
      for await (const { searchEntries } of pages) {
        found.push(...searchEntries.flatMap((entry) => externalIdOf(entry, this.settings) ?? []));
      }
    } catch (error) {
      const isHidden = error instanceof NoSuchObjectError || error instanceof InsufficientAccessError;
      if (!isHidden) throw error;
    }
    return found;
  }

  /** Every value of an attribute of an entry that was read with it, also where the server gives them in parts. */
  async valuesOf(entry: Entry, attribute: string): Promise<string[]> {
    const values = all(entry, attribute);
    for (let part = rangeOf(entry, attribute); part;) {
      values.push(...part.values);
      if (part.last === undefined) break;
      const from: number = part.last + 1;
      const next = await this.one(entry.dn, '(objectClass=*)', [`${attribute};range=${from}-*`]);
      part = next && rangeOf(next, attribute);
      if (part?.first !== from) {
        throw new IncompleteRead(`${attribute} of ${entry.dn} ends after ${from} values without its end.`);
      }
    }
    return values;
  }

  /** A few of the entries below a base. */
  async sample(base: string, filter: string, attributes: string[], size: number): Promise<Entry[]> {
    const { searchEntries } = await this.client.search(base, {
      scope: 'sub',
      filter,
      attributes,
      explicitBufferAttributes: byteAttributes,
      sizeLimit: size,
    });
    return searchEntries;
  }

  /** One entry by its name; undefined when there is none that the account may see. */
  async one(dn: string, filter: string, attributes: string[]): Promise<Entry | undefined> {
    const { photo } = this.settings.attributes;
    try {
      const { searchEntries } = await this.client.search(dn, {
        scope: 'base',
        filter,
        attributes,
        explicitBufferAttributes: [...byteAttributes, photo],
      });
      return searchEntries[0];
    } catch (error) {
      if (error instanceof NoSuchObjectError) return undefined;
      throw error;
    }
  }

  /** Whether there is an entry of a person with an identity, wherever it is now, of somebody who belongs to the members. */
  async isStillThere(
    { dn, externalId }: { dn: string; externalId: string },
    members: Members | undefined,
  ): Promise<boolean> {
    const { attributes, peopleFilter, peopleBases } = this.settings;
    const wanted = [identityOf(this.settings), attributes.username, ...membershipAttributes(this.settings)];
    let entry = await this.one(dn, peopleFilter, wanted);
    if (entry === undefined || externalIdOf(entry, this.settings) !== externalId) {
      entry = await this.byIdentity(peopleBases, peopleFilter, { externalId, wanted });
    }
    return entry !== undefined && (members?.has(entry) ?? true);
  }

  /** Whether there is a department with an identity, wherever it is now. */
  async hasDepartment(externalId: string): Promise<boolean> {
    const { departmentBases, departmentsFilter } = this.settings;
    const wanted = [identityOf(this.settings)];
    return (await this.byIdentity(departmentBases, departmentsFilter, { externalId, wanted })) !== undefined;
  }

  private async byIdentity(
    bases: readonly string[],
    filter: string,
    { externalId, wanted }: { externalId: string; wanted: string[] },
  ): Promise<Entry | undefined> {
    const isIt = new EqualityFilter(identityCondition(externalId, this.settings));
    for (const base of bases) {
      const { searchEntries } = await this.client.search(base, {
        scope: 'sub',
        filter: new AndFilter({ filters: [FilterParser.parseString(filter), isIt] }),
        attributes: wanted,
        explicitBufferAttributes: byteAttributes,
        sizeLimit: 1,
      });
      if (searchEntries[0]) return searchEntries[0];
    }
    return undefined;
  }

  /** Where a user name is now; undefined when the directory does not know it, or knows several. */
  async findByUsername(username: string): Promise<Entry | undefined> {
    const { attributes, peopleBases, peopleFilter } = this.settings;
    // A filter of objects: what somebody typed is a value and never syntax.
    const isNamed = new EqualityFilter({ attribute: attributes.username, value: username });
    const found: Entry[] = [];
    for (const base of peopleBases) {
      const { searchEntries } = await this.client.search(base, {
        scope: 'sub',
        filter: new AndFilter({ filters: [FilterParser.parseString(peopleFilter), isNamed] }),
        attributes: [identityOf(this.settings)],
        explicitBufferAttributes: byteAttributes,
        sizeLimit: 2,
      });
      found.push(...searchEntries);
    }
    return new Set(found.map(({ dn }) => dn)).size === 1 ? found[0] : undefined;
  }
}
