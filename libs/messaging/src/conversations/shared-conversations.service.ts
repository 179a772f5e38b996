import { Injectable } from '@nestjs/common';
import { Acquaintances } from '#directory';
import { MembersStore } from './members.store.js';

/** Whoever is a member beside somebody knows their name, whatever else is hidden. */
@Injectable()
export class SharedConversations extends Acquaintances {
  constructor(private readonly members: MembersStore) {
    super();
  }

  among(personId: string, others: readonly string[]): Promise<Set<string>> {
    return this.members.metAmong(personId, others);
  }
}
