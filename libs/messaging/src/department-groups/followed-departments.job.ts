import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DepartmentPeople, PeopleChanges, type OrganisationChange } from '#directory';
import { Database, Hints, withLock, type Follower } from '#persistence';
import { isDatabaseAway, logger } from '#platform';
import { DepartmentGroupsStore } from './department-groups.store.js';
import { Following } from './following.service.js';

const log = logger('messaging');
const reader = 'messaging.department-groups';
const peopleAtOnce = 500;
const groupsAtOnce = 50;
/** Without hints it looks once in this time for groups that were asked for, and for other rules of visibility. */
const lookEveryMs = 5000;

/** Follows the directory: groups of departments have the members that their departments have. */
@Injectable()
export class FollowedDepartments implements OnApplicationBootstrap, OnApplicationShutdown {
  private follower: Follower<OrganisationChange> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly stopping = new AbortController();
  private looking: Promise<void> | undefined;
  private isDue = false;

  constructor(
    private readonly database: Database,
    private readonly changes: PeopleChanges,
    private readonly people: DepartmentPeople,
    private readonly groups: DepartmentGroupsStore,
    private readonly following: Following,
    private readonly hints: Hints,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    // Every process of this kind follows; what one has settled already, another finds settled.
    this.follower = await this.changes.followOrganisation(reader, (changes) => this.follow(changes));
    this.timer = setInterval(() => this.look(), lookEveryMs).unref();
    this.hints.subscribe('directory', () => this.look());
    this.look();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.follower?.stop();
    await this.looking;
  }

  private async follow(changes: readonly OrganisationChange[]): Promise<void> {
    if (!(await this.groups.isAny())) return;
    for (const { subject, id, moved } of changes) {
      if (subject === 'department' && moved) await this.followDepartment(id);
    }
    await this.followPeople([
      ...new Set(changes.filter(({ subject }) => subject === 'person').map(({ id }) => id)),
    ]);
  }

  /** A department is elsewhere, or gone: its own groups, and those of whoever has a post in it or below. */
  private async followDepartment(departmentId: string): Promise<void> {
    for (const group of await this.groups.ofDepartments([departmentId])) {
      await this.following.settle(group, []);
    }
    for (let after: string | undefined; ;) {
      const branch = { departmentId, withBelow: true };
      const { ids, next } = await this.people.page(branch, after, peopleAtOnce);
      this.stopping.signal.throwIfAborted();
      await this.followPeople(ids);
      if (next === undefined) return;
      after = next;
    }
  }

  /** The groups they may belong to now, and those they are in. */
  private async followPeople(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const may = await this.groups.ofDepartments(await this.people.waysOf(ids));
    const are = await this.groups.withMembers(ids);
    const concerned = new Map([...may, ...are].map((group) => [group.conversationId, group]));
    for (const group of concerned.values()) await this.following.settle(group, ids);
  }

  private look(): void {
    this.isDue = true;
    if (this.stopping.signal.aborted) return;
    this.looking ??= this.settleDue().finally(() => (this.looking = undefined));
  }

  /** Groups that were asked for, and all of them where whom the rules leave out may be others. */
  private async settleDue(): Promise<void> {
    try {
      while (this.isDue) {
        this.isDue = false;
        const due = await this.groups.due(await this.people.rulesVersion(), groupsAtOnce);
        for (const group of due) {
          const work = () => this.following.settleAll(group, this.stopping.signal);
          const outcome = await withLock(this.database, `department group ${group.conversationId}`, work);
          // What another process is at is left to it.
          if (outcome === 'ran' && due.length === groupsAtOnce) this.isDue = true;
        }
      }
    } catch (err) {
      if (!isDatabaseAway(err) && !this.stopping.signal.aborted) {
        log.warn({ err }, 'groups of departments could not be filled; it is tried again');
      }
    }
  }
}
