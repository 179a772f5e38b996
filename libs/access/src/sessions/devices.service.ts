import { Injectable } from '@nestjs/common';
import type { EndedDevices, Page, SignedInDevice } from '#contracts';
import { People } from '#directory';
import { decodeCursor, toPage } from '#persistence';
import { AppError, type Principal } from '#platform';
import type { SessionRow } from './session.entity.js';
import { Sessions } from './sessions.service.js';
import { SessionsStore } from './sessions.store.js';

interface PageOfDevices {
  cursor?: string | undefined;
  limit: number;
}

/** Where somebody is signed in, and signing them out there. */
@Injectable()
export class Devices {
  constructor(
    private readonly store: SessionsStore,
    private readonly sessions: Sessions,
    private readonly people: People,
  ) {}

  async list(caller: Principal, accountId: string, query: PageOfDevices): Promise<Page<SignedInDevice>> {
    const [before] = decodeCursor(query.cursor, 1) ?? [];
    const rows = await this.store.liveOf(
      accountId,
      before === undefined ? undefined : String(before),
      query.limit + 1,
    );
    return toPage(
      rows,
      query.limit,
      ({ id }) => [id],
      (row) => present(row, caller.sessionId),
    );
  }

  /** A repeat changes nothing. Throws `session.not_found`. */
  async end(by: Principal, accountId: string, sessionId: string): Promise<void> {
    if (!(await this.store.isOf(accountId, sessionId))) throw new AppError('session.not_found');
    await this.sessions.end({ ids: [sessionId] }, by.id === accountId ? 'signed_out' : 'revoked', by);
  }

  async endOthers(by: Principal): Promise<EndedDevices> {
    const ended = await this.sessions.end({ accountIds: [by.id], except: by.sessionId }, 'signed_out', by);
    return { ended: ended.length };
  }

  async endAll(by: Principal, accountId: string): Promise<EndedDevices> {
    const ended = await this.sessions.end({ accountIds: [accountId] }, 'revoked', by);
    return { ended: ended.length };
  }

  /** Throws `person.not_found`. */
  async requirePerson(personId: string): Promise<void> {
    const [person] = await this.people.summaries('system', [personId]);
    if (person?.kind !== 'person') throw new AppError('person.not_found');
  }
}

const present = (row: SessionRow, current: string): SignedInDevice => ({
  id: row.id,
  name: row.deviceName,
  platform: row.platform,
  address: row.address,
  signedInAt: row.createdAt.toISOString(),
  usedAt: row.usedAt.toISOString(),
  current: row.id === current,
});
