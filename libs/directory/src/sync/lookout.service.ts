import { Inject, Injectable } from '@nestjs/common';
import { logger, SETTINGS, type Settings } from '#platform';
import { PartTooSmall } from '../ldap/read-changes.js';
import { Sources, type OpenSource } from '../sources/sources.service.js';
import { Looks } from './looks.service.js';
import { ReadingsStore, type KnownPlace } from './readings.store.js';
import { DirectorySync } from './sync.service.js';

const log = logger('directory');

/** Sees to it that what changes in directories is taken over soon, between the runs that read everything. */
@Injectable()
export class Lookout {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly sources: Sources,
    private readonly readings: ReadingsStore,
    private readonly looks: Looks,
    private readonly sync: DirectorySync,
  ) {}

  /** Looks at each source whose time has come. */
  async lookAtDue(): Promise<void> {
    for (const id of await this.readings.due(this.settings.LDAP_LOOK_SECONDS)) await this.look(id);
  }

  /** Takes over what changed in a source. Where anything else is under way there, it is left for the next time. */
  async look(sourceId: string): Promise<void> {
    let why: string | undefined;
    await this.readings.looking(sourceId, async () => {
      why = await this.lookAt(sourceId);
    });
    if (why === undefined) return;
    log.info({ sourceId, why }, 'the whole directory is read');
    await this.sync.runSource(sourceId, { kind: 'full' });
  }

  /** @returns why everything has to be read now */
  private async lookAt(sourceId: string): Promise<string | undefined> {
    const source = await this.sources.open(sourceId);
    if (!source) return undefined;
    const place = await this.readings.place(sourceId);
    try {
      if (place?.digest !== source.digest) throw new PartTooSmall('it was not yet read with these settings');
      await this.takeOver(source, place);
      return undefined;
    } catch (error) {
      const isPartTooSmall = error instanceof PartTooSmall;
      const why = error instanceof Error ? error.message : String(error);
      await this.readings.looked(sourceId, isPartTooSmall ? null : why);
      if (!isPartTooSmall) {
        log.warn({ err: error, sourceId }, 'a look at the directory failed; nobody was changed');
        return undefined;
      }
      // What has just failed or was stopped comes again at its own time, not at the pace of looks.
      const isFutile = await this.readings.hasJustFailed(sourceId, this.settings.LDAP_SYNC_SECONDS);
      return isFutile ? undefined : why;
    }
  }

  private async takeOver(source: OpenSource, since: KnownPlace): Promise<void> {
    const began = Date.now();
    const { draft, place, taken } = await this.looks.look(source, since);
    if (draft && draft.changes.length > 0) {
      const isTaken = await this.sync.takeChanges(source, draft, Date.now() - began);
      if (!isTaken) throw new Error('What had changed could not be applied; see the run.');
    }
    taken();
    await this.readings.reached(source.row.id, { ...place, digest: since.digest });
  }
}
