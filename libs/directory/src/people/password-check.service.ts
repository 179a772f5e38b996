import { Inject, Injectable } from '@nestjs/common';
import { AppError, logger, SETTINGS, type Settings } from '#platform';
import { LdapDirectory, ldapOptions } from '../ldap/ldap-directory.js';
import { PeopleStore, type PersonAccount } from './people.store.js';
import { foldText } from './search-terms.js';

const log = logger('directory');

/** Signing in with the password of the directory: the account's own bind decides, nothing is stored. */
@Injectable()
export class PasswordCheck {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly people: PeopleStore,
  ) {}

  /**
   * The person whose user name and password these are. Throws `auth.invalid_credentials`, `auth.account_disabled`
   * (only after the directory itself said so of this password, or the password was right), or
   * `auth.directory_unavailable`.
   */
  async check(username: string, password: string): Promise<PersonAccount> {
    const person = await this.people.findByUsername(foldText(username));
    if (!person) throw new AppError('auth.invalid_credentials');
    const refusal = await this.bind(person, password);
    if (refusal === 'wrong') throw new AppError('auth.invalid_credentials');
    if (refusal === 'disabled' || !person.active) throw new AppError('auth.account_disabled');
    return person;
  }

  private async bind(person: PersonAccount, password: string) {
    const directory = new LdapDirectory(ldapOptions(this.settings));
    const refusal = await directory.checkPassword(person.distinguishedName, password);
    if (refusal !== 'wrong') return refusal;
    // Renamed or moved since the last synchronisation: the name tells where the entry is now.
    const entry = await directory
      .findByUsername(this.settings.LDAP_USERNAME_ATTRIBUTE, person.username)
      .catch((err: unknown) => {
        log.warn({ err }, 'the directory could not be searched at a sign-in');
        return undefined;
      });
    if (!entry || entry.dn === person.distinguishedName) return refusal;
    return directory.checkPassword(entry.dn, password);
  }
}
