import { AndFilter, EqualityFilter, FilterParser, NoSuchObjectError, ResultCodeError } from 'ldapts';
import type { Client, Entry } from 'ldapts';
import type { DirectorySourceSettings } from '#contracts';
import { AppError } from '#platform';
import { bindRefusal, type BindRefusal } from './bind-refusal.js';
import type { Connections } from './connection.js';
import { byteAttributes, externalIdOf, identityOf } from './mapping.js';

const pageSize = 1000;
/** Photos may have megabytes each. */
const photosOfPage = 25;

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
    return this.connections.as(this.settings.bindDn, this.password, (client) =>
      work(new DirectoryReader(client, this.settings)),
    );
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

/** Searches over one connection. A page that fails fails the whole. */
export class DirectoryReader {
  constructor(
    private readonly client: Client,
    private readonly settings: DirectorySourceSettings,
  ) {}

  /** Everything below the bases that matches, each entry once. Throws `EmptyBase` where a base has nothing. */
  async all(bases: readonly string[], filter: string, attributes: string[]): Promise<Entry[]> {
    const found = new Map<string, Entry>();
    for (const base of bases) {
      let count = 0;
      await this.pages(base, filter, attributes, (entries) => {
        count += entries.length;
        for (const entry of entries) found.set(entry.dn, entry);
      });
      if (count === 0) throw new EmptyBase(`${base} holds nothing that matches ${filter}.`);
    }
    return [...found.values()];
  }

  /** Pages of what is below a base. */
  async pages(
    base: string,
    filter: string,
    attributes: string[],
    handle: (entries: Entry[]) => void | Promise<void>,
  ): Promise<void> {
    const { photo } = this.settings.attributes;
    const isHeavy = photo !== '' && attributes.includes(photo);
    const pages = this.client.searchPaginated(base, {
      scope: 'sub',
      filter,
      attributes,
      explicitBufferAttributes: [...byteAttributes, photo],
      paged: { pageSize: isHeavy ? photosOfPage : pageSize },
    });
    for await (const page of pages) await handle(page.searchEntries);
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

  /** Whether an entry is where it was and still the same. */
  async isStillThere(dn: string, externalId: string): Promise<boolean> {
    const entry = await this.one(dn, this.settings.peopleFilter, [identityOf(this.settings)]);
    return entry !== undefined && externalIdOf(entry, this.settings) === externalId;
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
