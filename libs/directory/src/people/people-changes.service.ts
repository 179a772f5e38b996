import { Injectable } from '@nestjs/common';
import { Database, Follower, Hints, LogWatch, storedPosition, storePosition } from '#persistence';
import { PeopleStore, type OrganisationChange, type PersonChange } from './people.store.js';

const batch = 500;

/** Follows what becomes of people, for whoever must act on it. */
@Injectable()
export class PeopleChanges {
  constructor(
    private readonly database: Database,
    private readonly store: PeopleStore,
    private readonly hints: Hints,
    private readonly watch: LogWatch,
  ) {}

  /**
   * Hands over, batch by batch, everybody who was disabled or is gone since a reader's stored position. Where several
   * processes follow under one name, or a batch was cut short, they may be handed over again: `apply` must bear that.
   */
  async followDepartures(
    reader: string,
    apply: (departures: PersonChange[]) => Promise<void>,
  ): Promise<Follower<PersonChange>> {
    return this.follow<PersonChange>(reader, {
      read: (after) => this.store.changesAfter(after, batch),
      apply: async (changes) => {
        const departures = changes.filter(({ change }) => change === 'disabled' || change === 'gone');
        if (departures.length > 0) await apply(departures);
      },
    });
  }

  /** The same of everything that becomes of people and departments. */
  async followOrganisation(
    reader: string,
    apply: (changes: OrganisationChange[]) => Promise<void>,
  ): Promise<Follower<OrganisationChange>> {
    const read = (after: number) => this.store.organisationChangesAfter(after, batch);
    return this.follow<OrganisationChange>(reader, { read, apply });
  }

  private async follow<Change extends { pos: number }>(
    reader: string,
    log: { read(after: number): Promise<Change[]>; apply(changes: Change[]): Promise<void> },
  ): Promise<Follower<Change>> {
    const position = () => storedPosition(this.database, reader);
    const follower = new Follower<Change>({
      name: reader,
      start: await position(),
      read: async (after) => {
        const entries = await log.read(after);
        const last = entries.at(-1);
        return last && { after, to: last.pos, entries };
      },
      apply: async ({ to, entries }) => {
        await log.apply(entries);
        await storePosition(this.database, reader, to);
      },
    });
    this.hints.subscribe('directory', () => follower.wake());
    this.watch.onNewEpoch(async () => follower.restartAt(await position()));
    follower.start();
    return follower;
  }
}
