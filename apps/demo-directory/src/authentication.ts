import type { KeyObject } from 'node:crypto';
import { type DnKey, serviceAccountDn } from './distinguished-name.js';
import type { DirectoryTree } from './directory-tree.js';
import { Refusal, resultCode } from './ldap-wire.js';
import { isSamePassword, passwordOf } from './passwords.js';

/** Who may bind: the service account, and every person who is not locked. */
export class Authentication {
  constructor(
    private readonly tree: DirectoryTree,
    private readonly secret: KeyObject,
  ) {}

  check(key: DnKey, password: string): void {
    // RFC 4513, section 5.1.2: a name without a password would pass as anonymous in a client that does not look closely.
    if (password === '')
      throw new Refusal(resultCode.unwillingToPerform, 'An empty password proves nothing.');
    const isRight = isSamePassword(password, this.#passwordOf(key));
    if (!isRight) throw new Refusal(resultCode.invalidCredentials, 'invalid credentials');
    // Said only to those who know the password, as Active Directory does.
    if (this.tree.find(key)?.read('pwdaccountlockedtime').length) {
      throw new Refusal(resultCode.invalidCredentials, 'account locked');
    }
  }

  /** A name nobody has costs as much time as one that somebody has, and no password fits it. */
  #passwordOf(key: DnKey): string {
    if (key === serviceAccountDn) return passwordOf(this.secret, 'service:directory-sync');
    const position = this.tree.positionOf(key);
    const index = position === undefined ? undefined : this.tree.personAt(position);
    if (index === undefined) return `${passwordOf(this.secret, 'service:nobody')} `;
    return passwordOf(this.secret, `person:${this.tree.organisation.uid(index)}`);
  }
}
