import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppError, SETTINGS, type Settings } from '#platform';
import { formatId, type ErrorCode } from '#contracts';
import type { BindRefusal } from '../ldap/bind-refusal.js';
import { Sources } from '../sources/sources.service.js';
import { domainsOf, userNameIn } from './login-name.js';
import { foldText } from './search-terms.js';
import { PeopleStore, type PersonAccount } from './people.store.js';

const codes: Record<BindRefusal, ErrorCode> = {
  wrong: 'auth.invalid_credentials',
  disabled: 'auth.account_disabled',
  locked: 'auth.account_locked',
  account_expired: 'auth.account_expired',
  password_expired: 'auth.password_expired',
  must_change: 'auth.password_must_change',
  hours: 'auth.hours_restricted',
  device: 'auth.device_restricted',
};

/** Stands around every bind with somebody's password, so that the directory's own lockout is never reached. */
export interface BindShield {
  /** Runs a bind, or throws `auth.too_many_attempts` instead. The bind answers with its refusal. */
  guard<R>(accountId: string, bind: () => Promise<R | undefined>): Promise<R | undefined>;
}

/** An id for a name that nobody has, the same each time. */
const nobodyOf = (loginName: string): string =>
  formatId(
    createHash('sha256')
      .update(`nobody ${foldText(loginName)}`)
      .digest()
      .subarray(0, 16),
  );

/** Signing in with the password of the directory: the account's own bind decides, nothing is stored. */
@Injectable()
export class PasswordCheck {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly sources: Sources,
    private readonly people: PeopleStore,
  ) {}

  /**
   * The person whose name and password these are. Throws `auth.invalid_credentials`, what the directory itself said of
   * this account (`auth.account_disabled`, `auth.password_expired` and the like), `auth.too_many_attempts`, or
   * `auth.directory_unavailable`.
   */
  async check(loginName: string, password: string, shield: BindShield): Promise<PersonAccount> {
    const person = await this.find(loginName);
    if (!person) {
      // Counted like anybody, so that who must wait when does not tell which names there are.
      await shield.guard(nobodyOf(loginName), () => Promise.resolve('wrong'));
      throw new AppError('auth.invalid_credentials');
    }
    const refusal = await this.bind(person, password, shield);
    if (refusal) throw new AppError(codes[refusal]);
    if (!person.active) throw new AppError('auth.account_disabled');
    return person;
  }

  /** Whom a login name means: a user name with or without its domain, or a staff number where that is allowed. */
  private async find(loginName: string): Promise<PersonAccount | undefined> {
    const { LDAP_BASE_DN = '', LDAP_SIGN_IN_DOMAINS, LDAP_SIGN_IN_BY_STAFF_NUMBER } = this.settings;
    const name = userNameIn(loginName, [...domainsOf(LDAP_BASE_DN), ...LDAP_SIGN_IN_DOMAINS]);
    if (name === undefined) return undefined;
    const person = await this.people.findByUsername(name);
    if (person || !LDAP_SIGN_IN_BY_STAFF_NUMBER) return person;
    return this.people.findByStaffNumber(name);
  }

  private async bind(
    person: PersonAccount,
    password: string,
    shield: BindShield,
  ): Promise<BindRefusal | undefined> {
    const source = await this.sources.open(person.sourceId);
    if (!source) throw new AppError('auth.directory_unavailable', { retryAfterMs: 3000 });
    const { directory } = source;
    const bind = (dn: string) => shield.guard(person.id, () => directory.checkPassword(dn, password));
    const refusal = await bind(person.distinguishedName);
    if (refusal !== 'wrong') return refusal;
    // Renamed or moved since the last synchronisation: the name tells where the entry is now.
    const entry = await directory.findByUsername(person.username).catch((cause: unknown) => {
      throw new AppError('auth.directory_unavailable', { cause, retryAfterMs: 3000 });
    });
    if (!entry || entry.dn === person.distinguishedName) return refusal;
    return bind(entry.dn);
  }
}
