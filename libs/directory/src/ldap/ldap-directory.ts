import { Client, EqualityFilter, ResultCodeError, type Entry } from 'ldapts';
import { AppError, type Settings } from '#platform';
import { bindRefusal, type BindRefusal } from './bind-refusal.js';
import { photoAttribute } from './mapping.js';

const pageSize = 1000;

export interface LdapOptions {
  url: string;
  bindDn: string;
  bindPassword: string;
  baseDn: string;
  timeoutMs: number;
}

/** Options from the settings. Throws a sentence when something is missing. */
export function ldapOptions(settings: Settings): LdapOptions {
  const { LDAP_URL, LDAP_BIND_DN, LDAP_BIND_PASSWORD, LDAP_BASE_DN } = settings;
  if (!LDAP_URL || !LDAP_BIND_DN || !LDAP_BIND_PASSWORD || !LDAP_BASE_DN) {
    throw new Error('LDAP_URL needs LDAP_BIND_DN, LDAP_BIND_PASSWORD and LDAP_BASE_DN');
  }
  return {
    url: LDAP_URL,
    bindDn: LDAP_BIND_DN,
    bindPassword: LDAP_BIND_PASSWORD,
    baseDn: LDAP_BASE_DN,
    timeoutMs: settings.LDAP_TIMEOUT_MS,
  };
}

/** A customer's directory over LDAP. Connections are made for each use and ended after it. */
export class LdapDirectory {
  constructor(private readonly options: LdapOptions) {}

  /** All entries below the base that match, by pages; a page that fails fails the whole. */
  async search(filter: string, attributes: string[]): Promise<Entry[]> {
    return this.asReader(async (client) => {
      const entries: Entry[] = [];
      const pages = client.searchPaginated(this.options.baseDn, {
        scope: 'sub',
        filter,
        attributes,
        paged: { pageSize },
      });
      for await (const page of pages) entries.push(...page.searchEntries);
      return entries;
    });
  }

  /** Photos by DN; people without one are passed over. */
  async photos(dns: readonly string[], handle: (dn: string, photo: Buffer) => Promise<void>): Promise<void> {
    await this.asReader(async (client) => {
      for (const dn of dns) {
        const { searchEntries } = await client.search(dn, {
          scope: 'base',
          attributes: [photoAttribute],
          explicitBufferAttributes: [photoAttribute],
        });
        const value = searchEntries[0]?.[photoAttribute];
        const photo = Array.isArray(value) ? value[0] : value;
        if (Buffer.isBuffer(photo) && photo.length > 0) await handle(dn, photo);
      }
    });
  }

  /** Where a user name is now; undefined when the directory does not know it, or knows several. */
  async findByUsername(attribute: string, username: string): Promise<Entry | undefined> {
    return this.asReader(async (client) => {
      const { searchEntries } = await client.search(this.options.baseDn, {
        scope: 'sub',
        filter: new EqualityFilter({ attribute, value: username }),
        attributes: ['entryUUID'],
        sizeLimit: 2,
      });
      return searchEntries.length === 1 ? searchEntries[0] : undefined;
    });
  }

  /**
   * Whether this is the password of the entry; undefined when it is. Throws `auth.directory_unavailable` when the
   * directory cannot be asked, which says nothing about the password.
   */
  async checkPassword(dn: string, password: string): Promise<BindRefusal | undefined> {
    // A bind without a password succeeds as anonymous (RFC 4513 §5.1.2), so it must never reach the server.
    if (password === '') return 'wrong';
    const client = this.connect();
    try {
      await client.bind(dn, password);
      return undefined;
    } catch (error) {
      const refusal = error instanceof ResultCodeError ? bindRefusal(error) : undefined;
      if (refusal) return refusal;
      throw new AppError('auth.directory_unavailable', { cause: error, retryAfterMs: 3000 });
    } finally {
      await client.unbind().catch(() => {});
    }
  }

  private async asReader<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = this.connect();
    try {
      await client.bind(this.options.bindDn, this.options.bindPassword);
      return await work(client);
    } finally {
      // A connection that is gone already needs no farewell.
      await client.unbind().catch(() => {});
    }
  }

  private connect(): Client {
    const { url, timeoutMs } = this.options;
    return new Client({ url, connectTimeout: timeoutMs, timeout: timeoutMs * 10, strictDN: false });
  }
}
