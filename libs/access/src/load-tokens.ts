import { Injectable } from '@nestjs/common';
import { newId } from '#contracts';
import { People } from '#directory';
import { newSession } from './sessions/new-session.js';
import { SessionsStore } from './sessions/sessions.store.js';
import { Tokens } from './sessions/tokens.js';

const day = 86_400;
const sessionsPerTransaction = 2000;

/** Sessions for load tests from outside: real ones, of real people of the demo, without their passwords. */
@Injectable()
export class LoadTokens {
  constructor(
    private readonly people: People,
    private readonly store: SessionsStore,
    private readonly tokens: Tokens,
  ) {}

  /** One access token per person, valid for a day, in the order of the directory. */
  async *issue(count: number): AsyncGenerator<string> {
    let cursor: string | undefined;
    for (let left = count; left > 0;) {
      const page = await this.people.list('system', {
        active: true,
        cursor,
        limit: Math.min(left, sessionsPerTransaction),
      });
      const sessions = page.items.map(({ id, username, displayName }) =>
        newSession(
          newId(),
          { accountKind: 'person', accountId: id, username, displayName, role: null },
          { name: 'load test', platform: 'node', address: null },
          day * 1000,
        ),
      );
      await this.store.transaction((tx) => this.store.insert(tx, sessions));
      for (const { id } of sessions) yield this.tokens.issue(id, 'api', day);
      left -= page.items.length;
      if (page.nextCursor === null) return;
      cursor = page.nextCursor;
    }
  }
}
