import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, Optional, type OnApplicationBootstrap } from '@nestjs/common';
import { administratorRoles } from '#contracts';
import { logger, SETTINGS, type Settings } from '#platform';
import { Administrators, type FirstAdministrator } from './administrators.service.js';

const log = logger('access');
const passwordBytes = 15;

/** Injection token of accounts that somebody else has chosen, as the demo does. */
export const GIVEN_ADMINISTRATORS = Symbol('given administrators');

/**
 * Sees to it that a new installation has its three administrators. Where nobody has chosen their passwords, these are
 * drawn and written to `first-administrators.json` in the data folder, for its owner to hand out and delete.
 */
@Injectable()
export class FirstAdministrators implements OnApplicationBootstrap {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Optional() @Inject(GIVEN_ADMINISTRATORS) private readonly given: FirstAdministrator[] | undefined,
    private readonly administrators: Administrators,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.administrators.createFirst(async () => this.given ?? this.draw());
  }

  private async draw(): Promise<FirstAdministrator[]> {
    const accounts = administratorRoles.map((role) => ({
      username: role,
      displayName: role,
      role,
      password: randomBytes(passwordBytes).toString('base64url'),
    }));
    const file = join(this.settings.CHANCERY_DATA, 'first-administrators.json');
    await writeFile(file, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600, flush: true });
    log.warn({ file }, 'the first administrators were made; hand out their passwords and delete the file');
    return accounts;
  }
}
