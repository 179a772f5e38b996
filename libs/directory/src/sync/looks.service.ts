import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Entry } from 'ldapts';
import type { DirectorySourceSettings } from '#contracts';
import type { DirectoryReader } from '../ldap/ldap-directory.js';
import { externalIdOf, first, isActive } from '../ldap/mapping.js';
import type { Members } from '../ldap/members.js';
import type { Place } from '../ldap/place.js';
import { PartTooSmall, readChanged, readDeleted, readIdentities, readPart } from '../ldap/read-changes.js';
import { readMembers } from '../ldap/read-members.js';
import { beginReading, placeAfter } from '../ldap/read-start.js';
import type { OpenSource } from '../sources/sources.service.js';
import { Planner, type Draft } from './planner.service.js';
import { ReadingsStore } from './readings.store.js';
import { RunsStore } from './runs.store.js';

/** What a look has found. */
export interface Look {
  /** Absent where nothing is to be done. */
  draft?: Draft;
  place: Place;
  /** To be called once what was found is taken over: it need not be looked at again. */
  taken(): void;
}

/** Who is there is read at each look as long as that is quick; slower, it takes this share of the time at most. */
const quickMs = 1000;
const identitiesShare = 0.1;

/** What this process remembers of a source, so that looks cost little. Without it they cost more and find the same. */
interface Memory {
  /** Of each entry that was changed within the overlap, as it was when it was taken over. */
  taken: ReadonlyMap<string, string>;
  identitiesAt: number;
  identitiesMs: number;
}

/** Looks at a directory for what has changed since the last reading; changes nothing. */
@Injectable()
export class Looks {
  private readonly memories = new Map<string, Memory>();

  constructor(
    private readonly readings: ReadingsStore,
    private readonly runs: RunsStore,
    private readonly planner: Planner,
  ) {}

  /**
   * Only who was changed or is gone. Throws `PartTooSmall` where the whole directory has to be read, and what is wrong
   * with the directory in a sentence.
   */
  look(source: OpenSource, since: Place): Promise<Look> {
    return source.directory.read(async (reader) => {
      const { settings } = source.row;
      const start = await beginReading(reader, settings);
      if (!start) throw new PartTooSmall('the server does not tell how far it is');
      requireSameServer(start, since);
      const members = await readMembers(reader, settings);
      if ((members?.digest ?? '') !== since.members) throw new PartTooSmall('the groups have changed');
      const changed = await readChanged(reader, settings, since);
      const stamps = changed.people.map((entry) => first(entry, 'modifyTimestamp') ?? '');
      const place = placeAfter(start, { stamps, members: since.members, before: since });
      const found = digests([...changed.departments, ...changed.people], settings);
      const memory = this.memoryOf(source.row.id);
      const taken = () => void (memory.taken = found);
      const isNew = ({ dn }: Entry) => memory.taken.get(dn) !== found.get(dn);
      const entries = changed.people.filter((entry) => isNew(entry) && (members?.has(entry) ?? true));
      const missing = await this.findMissing(source, { reader, since, members, read: changed.people });
      if (entries.length === 0 && missing.size === 0 && !changed.departments.some(isNew)) {
        return { place, taken };
      }
      return { draft: await this.plan(source, { reader, members, entries, missing }), place, taken };
    });
  }

  private async plan(
    source: OpenSource,
    part: {
      reader: DirectoryReader;
      members: Members | undefined;
      entries: Entry[];
      missing: ReadonlySet<string>;
    },
  ): Promise<Draft> {
    const current = await this.runs.current(source.row.id);
    const snapshot = await readPart(part.reader, source.row.settings, { ...part, current });
    const draft = await this.planner.planPart(source, { ...part, snapshot, current });
    // A department takes everybody below it along, and a guard judges the whole.
    const { departmentsAdded, departmentsChanged, departmentsRemoved } = draft.counts;
    if (departmentsAdded + departmentsChanged + departmentsRemoved > 0) {
      throw new PartTooSmall('departments have changed');
    }
    if (draft.stops.length > 0) throw new PartTooSmall('a guard stops what has changed');
    return draft;
  }

  /** Active people of the source who are no longer there. */
  private async findMissing(
    source: OpenSource,
    look: { reader: DirectoryReader; since: Place; members: Members | undefined; read: readonly Entry[] },
  ): Promise<Set<string>> {
    const { reader, since, members } = look;
    const { settings, id } = source.row;
    const deleted = await readDeleted(reader, settings, since);
    const memory = this.memoryOf(id);
    const began = Date.now();
    const pauseMs = Math.max(0, memory.identitiesMs - quickMs) / identitiesShare;
    const isTime = began - memory.identitiesAt >= pauseMs;
    if (!isTime && deleted.length === 0) return new Set();
    const active = await this.readings.activePeople(id);
    const isActive = new Set(active);
    const missing = new Set(deleted.filter((one) => isActive.has(one)));
    if (isTime) {
      const there = await readIdentities(reader, settings, members);
      memory.identitiesAt = Date.now();
      memory.identitiesMs = memory.identitiesAt - began;
      for (const one of active) if (!there.has(one)) missing.add(one);
    }
    for (const entry of look.read) missing.delete(externalIdOf(entry, settings) ?? '');
    return missing;
  }

  private memoryOf(sourceId: string): Memory {
    let memory = this.memories.get(sourceId);
    if (!memory) {
      this.memories.set(sourceId, (memory = { taken: new Map(), identitiesAt: 0, identitiesMs: 0 }));
    }
    return memory;
  }
}

function requireSameServer(start: { server: string; usn: string }, since: Place): void {
  if (start.server !== since.server) throw new PartTooSmall('another server answers');
  if (start.usn !== '' && BigInt(start.usn) < BigInt(since.mark)) {
    throw new PartTooSmall('the server was put back to an earlier state');
  }
}

/** Of what each entry says, and whether it lets somebody in: that ends at its time, without a change. */
const digests = (entries: readonly Entry[], { kind }: DirectorySourceSettings): Map<string, string> =>
  new Map(
    entries.map((entry) => {
      const said = JSON.stringify([entry, isActive(entry, { kind })]);
      return [entry.dn, createHash('sha256').update(said).digest('base64url')];
    }),
  );
