import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { fileTypeFromBuffer } from 'file-type';
import { AuditTrail } from '#audit';
import { BlobStore } from '#blobs';
import type { SyncCounts, SyncProblem } from '#contracts';
import { Hints } from '#persistence';
import { logger, SETTINGS, type Settings } from '#platform';
import { LdapDirectory, ldapOptions } from '../ldap/ldap-directory.js';
import { departmentAttributes, personAttributes, readDepartment, readPerson } from '../ldap/mapping.js';
import { photoKey } from '../people/photo.js';
import { makePlan, type Plan, type PlannedPerson, type Snapshot } from './plan.js';
import { SyncStore } from './sync.store.js';

const log = logger('directory');

/** The only source so far; its address is a setting. */
const sourceName = 'LDAP';
/** Rows of a transaction: nobody waits long for the head of the log. */
const rowsPerTransaction = 500;
const photoMaxBytes = 2 * 1024 * 1024;
const photoTypes = new Set(['image/jpeg', 'image/png']);

const noCounts: SyncCounts = {
  peopleRead: 0,
  departmentsRead: 0,
  peopleAdded: 0,
  peopleChanged: 0,
  peopleDisabled: 0,
  departmentsAdded: 0,
  departmentsChanged: 0,
  departmentsRemoved: 0,
};

/** Takes the directory over: read everything, compare, refuse what would do damage, apply in bounded steps, report. */
@Injectable()
export class DirectorySync {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly store: SyncStore,
    private readonly blobs: BlobStore,
    private readonly trail: AuditTrail,
    private readonly hints: Hints,
  ) {}

  /** Whether no synchronisation has ever finished. */
  async isFirst(): Promise<boolean> {
    return !(await this.store.hasFinished());
  }

  /** Runs once, unless another process is at it. A fault of the directory changes nobody and is reported by the run. */
  async run(): Promise<void> {
    const sourceId = await this.store.ensureSource(sourceName);
    const outcome = await this.store.exclusively(sourceId, () => this.runAlone(sourceId));
    if (outcome === 'held by another') log.info('another process is synchronising');
  }

  private async runAlone(sourceId: string): Promise<void> {
    const runId = await this.store.begin(sourceId, noCounts);
    let counts = noCounts;
    let problems: SyncProblem[] = [];
    let failure: string | null = null;
    try {
      const snapshot = await this.read();
      const plan = makePlan(snapshot, await this.store.current(sourceId));
      ({ counts, problems } = plan);
      await this.apply(sourceId, plan);
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      log.error({ err: error, runId }, 'the synchronisation failed');
    }
    await this.store.finish(runId, { counts, problems, failure });
    const changes =
      counts.peopleAdded + counts.peopleChanged + counts.peopleDisabled + counts.departmentsChanged;
    if (failure !== null || changes > 0) {
      await this.trail.recordAlone({
        action: 'directory.synced',
        outcome: failure === null ? 'done' : 'failed',
        object: { kind: 'sync_run', id: runId },
        details: { ...counts, problems: problems.length, ...(failure !== null && { failure }) },
      });
    }
    log.info({ runId, ...counts, problems: problems.length }, 'synchronised');
    this.hints.publish('directory', 'synced');
  }

  private async read(): Promise<Snapshot> {
    const directory = new LdapDirectory(ldapOptions(this.settings));
    const problems: SyncProblem[] = [];
    const report = (problem: SyncProblem) => problems.push(problem);
    const { LDAP_DEPARTMENTS_FILTER, LDAP_PEOPLE_FILTER, LDAP_USERNAME_ATTRIBUTE } = this.settings;
    const departments = (await directory.search(LDAP_DEPARTMENTS_FILTER, departmentAttributes))
      .map((entry) => readDepartment(entry, report))
      .filter((department) => department !== undefined);
    const people = (await directory.search(LDAP_PEOPLE_FILTER, personAttributes(LDAP_USERNAME_ATTRIBUTE)))
      .map((entry) => readPerson(entry, LDAP_USERNAME_ATTRIBUTE, report))
      .filter((person) => person !== undefined);
    return { departments: withoutEmptyRoots(departments, people), people, problems };
  }

  private async apply(sourceId: string, plan: Plan): Promise<void> {
    for (const part of partsOf(plan.departments)) {
      await this.store.transaction((tx) => this.store.applyDepartments(tx, sourceId, part));
    }
    for (const part of partsOf(plan.people)) {
      await this.store.transaction((tx) => this.store.applyPeople(tx, sourceId, part));
      this.hints.publish('directory', 'changed');
    }
    for (const part of partsOf(plan.gone)) {
      await this.store.transaction((tx) => this.store.applyGone(tx, part));
      this.hints.publish('directory', 'changed');
    }
    if (plan.departments.length + plan.people.length + plan.gone.length > 0) await this.store.recount();
    await this.takePhotos(plan.people.filter(({ readPhoto }) => readPhoto)).catch((err: unknown) =>
      // A photo is never worth a failed synchronisation; the next change of the entry reads it again.
      log.warn({ err }, 'photos could not be read'),
    );
  }

  private async takePhotos(people: PlannedPerson[]): Promise<void> {
    const idByDn = new Map(people.map(({ dn, id }) => [dn, id]));
    await new LdapDirectory(ldapOptions(this.settings)).photos([...idByDn.keys()], async (dn, photo) => {
      const type = (await fileTypeFromBuffer(photo))?.mime ?? '';
      if (photo.length > photoMaxBytes || !photoTypes.has(type)) {
        log.warn({ dn, bytes: photo.length, type }, 'a photo is not a small JPEG or PNG');
        return;
      }
      const digest = createHash('sha256').update(photo).digest('hex').slice(0, 32);
      await this.blobs.put('files', photoKey(digest), photo);
      await this.store.setPhoto(idByDn.get(dn)!, digest, type);
    });
  }
}

function* partsOf<T>(items: T[]): Generator<T[]> {
  for (let at = 0; at < items.length; at += rowsPerTransaction)
    yield items.slice(at, at + rowsPerTransaction);
}

/**
 * The container of all people and the container of all departments are units in LDAP but not in the organisation:
 * a top unit is left out when it only holds other units, or only people who have their posts elsewhere.
 */
function withoutEmptyRoots(
  departments: Snapshot['departments'],
  people: Snapshot['people'],
): Snapshot['departments'] {
  const dns = new Set(departments.map(({ dn }) => dn));
  const named = new Set(
    people.flatMap(({ posts }) =>
      posts.map(({ department }) =>
        'dn' in department ? department.dn : department.externalId.replaceAll('-', ''),
      ),
    ),
  );
  return departments.filter(({ dn, externalId, parentDn }) => {
    const isTop = !dns.has(parentDn);
    return !isTop || named.has(dn) || named.has(externalId);
  });
}
