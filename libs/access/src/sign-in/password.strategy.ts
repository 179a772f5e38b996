import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-local';
import { PasswordCheck } from '#directory';
import { AppError } from '#platform';
import { Administrators } from '../administrators/administrators.service.js';
import type { Account } from '../sessions/sessions.service.js';
import { LockoutShield } from './bind-shield.service.js';

/** Name of the strategy; single sign-on will be others beside it. */
export const passwordStrategy = 'password';

/** Administrators are local accounts, everybody else is asked of the directory by a bind. */
@Injectable()
export class PasswordStrategy extends PassportStrategy(Strategy, passwordStrategy) {
  constructor(
    private readonly administrators: Administrators,
    private readonly passwords: PasswordCheck,
    private readonly shield: LockoutShield,
  ) {
    super();
  }

  /** Called by Passport. Throws the refusals of `POST /auth/login`. */
  async validate(username: string, password: string): Promise<Account> {
    const administrator = await this.administrators.find(username);
    if (administrator) {
      const isWrong = await this.shield.guard(administrator.id, async () =>
        (await this.administrators.isPassword(administrator, password)) ? undefined : true,
      );
      if (isWrong) throw new AppError('auth.invalid_credentials');
      return {
        accountKind: 'administrator',
        accountId: administrator.id,
        username: administrator.username,
        displayName: administrator.displayName,
        role: administrator.role,
      };
    }
    const person = await this.passwords.check(username, password, this.shield);
    return {
      accountKind: 'person',
      accountId: person.id,
      username: person.username,
      displayName: person.displayName,
      role: null,
    };
  }
}
