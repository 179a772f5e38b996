import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Follower, Hints, LogWatch } from '#persistence';
import { logger } from '#platform';
import { keyOf, PoliciesStore } from './policies.store.js';
import type { PolicyVersionRow } from './policy-version.entity.js';
import {
  decide,
  scopeKey,
  standing,
  type Decided,
  type Document,
  type Policy,
  type Scope,
  type Subject,
} from './policy.js';

const log = logger('governance');
const batch = 500;
/** How old an answer about somebody's departments may be. */
const placesMs = 1000;
const placesKept = 20_000;

/** What the library of people and departments answers. */
export interface Places {
  /** For every post of a person, the main one first: the department and those above it, nearest first. */
  departmentsOf(personId: string): Promise<string[][]>;
  /** What a scope is called; null where there is no such department or person. */
  nameOf(scope: Scope): Promise<string | null>;
  /** Active people in a scope. */
  peopleIn(scope: Scope): Promise<number>;
}

const nowhere: Places = {
  departmentsOf: () => Promise.resolve([]),
  nameOf: () => Promise.resolve(null),
  peopleIn: () => Promise.resolve(0),
};

type Asked = Pick<Subject, 'personId' | 'conversationId'>;

/** The values of one policy, for the library that enforces it. */
export interface PolicyReader<Value> {
  /** What holds for the installation. Asks nobody. */
  value(): Value;
  /** What holds for somebody or something. Asks the directory only while something was decided for departments. */
  valueFor(subject: Asked): Promise<Value>;
  /**
   * What holds for somebody or something as far as is known at once, for paths that wait for nothing: departments of a
   * person are looked up meanwhile, and count from then on.
   */
  valueNow(subject: Asked): Value;
}

/**
 * What administrators have decided, in the memory of every process: read once, and followed from there on, so that a
 * version takes effect everywhere within a second of its time.
 */
@Injectable()
export class Policies implements OnModuleInit, OnApplicationShutdown {
  readonly declared = new Map<string, Policy>();
  places: Places = nowhere;
  private documents = new Map<string, Document[]>();
  /** Names of policies with something for a department. */
  private byDepartment = new Set<string>();
  private follower: Follower<PolicyVersionRow> | undefined;
  private readonly ways = new LRUCache<string, Promise<string[][]>>({ max: placesKept, ttl: placesMs });
  private readonly lastWays = new LRUCache<string, string[][]>({ max: placesKept });

  constructor(
    private readonly store: PoliciesStore,
    private readonly hints: Hints,
    private readonly watch: LogWatch,
  ) {}

  async onModuleInit(): Promise<void> {
    const follower = new Follower<PolicyVersionRow>({
      name: 'governance.policies',
      start: await this.readAll(),
      read: async (after) => {
        const entries = await this.store.setAfter(after, batch);
        const last = entries.at(-1);
        return last && { after, to: last.pos!, entries };
      },
      apply: ({ entries }) => entries.forEach((entry) => this.remember(entry)),
    });
    this.hints.subscribe('policies', () => follower.wake());
    this.watch.onNewEpoch(async () => follower.restartAt(await this.readAll()));
    follower.start();
    this.follower = follower;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.follower?.stop();
  }

  /** The library that enforces a policy declares it when it is made. */
  declare<Value extends object>(policy: Policy<Value>): PolicyReader<Value> {
    // Every value that is handed to `preview` has passed the policy's own schema.
    this.declared.set(policy.name, policy as unknown as Policy);
    const { name } = policy;
    return {
      value: () => this.valueOf(policy, this.decideNow(name, {})),
      valueFor: async (asked) => {
        const needsPlace = asked.personId !== undefined && this.byDepartment.has(name);
        const subject = needsPlace ? await this.subject(asked) : asked;
        return this.valueOf(policy, this.decideNow(name, subject));
      },
      valueNow: (asked) => this.valueOf(policy, this.decideNow(name, this.subjectNow(name, asked))),
    };
  }

  /** The library of people and departments says who is where. */
  placeBy(places: Places): void {
    this.places = places;
  }

  /** Who or what is asked about, with the departments of a person. */
  async subject(asked: Asked): Promise<Subject> {
    const { personId } = asked;
    return personId === undefined ? asked : { ...asked, departments: await this.wayOf(personId) };
  }

  decideNow(name: string, subject: Subject): Decided {
    return decide((scope) => this.versionsOf(name, scope), subject, new Date());
  }

  /** What stands for a scope itself. */
  standingFor(name: string, scope: Scope): Document | undefined {
    return standing(this.versionsOf(name, scope), new Date());
  }

  /** Scopes that something stands for, the installation apart. */
  exceptions(name: string): number {
    const now = new Date();
    const kept = [...this.documents].filter(
      ([key, versions]) =>
        key.startsWith(`${name} `) &&
        versions[0]!.scope.kind !== 'installation' &&
        standing(versions, now)?.value,
    );
    return kept.length;
  }

  private subjectNow(name: string, asked: Asked): Subject {
    const { personId } = asked;
    if (personId === undefined || !this.byDepartment.has(name)) return asked;
    this.wayOf(personId).catch((err: unknown) =>
      log.debug({ err }, 'the departments of a person could not be looked up'),
    );
    return { ...asked, departments: this.lastWays.get(personId) ?? [] };
  }

  private wayOf(personId: string): Promise<string[][]> {
    const known = this.ways.get(personId);
    if (known) return known;
    const way = this.places.departmentsOf(personId).then((departments) => {
      this.lastWays.set(personId, departments);
      return departments;
    });
    this.ways.set(personId, way);
    way.catch(() => this.ways.delete(personId));
    return way;
  }

  private versionsOf(name: string, scope: Scope): readonly Document[] {
    return this.documents.get(`${name} ${scopeKey(scope)}`) ?? [];
  }

  /** A value that an older or newer build wrote, and that is none of this build's, counts as not decided. */
  private valueOf<Value extends object>({ name, schema, fallback }: Policy<Value>, decided: Decided): Value {
    for (const { document } of decided.steps) {
      if (!document?.value) continue;
      const read = schema.safeParse(document.value);
      if (read.success) return read.data;
      log.warn({ policy: name, version: document.version }, 'a version of a policy cannot be read');
    }
    return fallback;
  }

  private remember(row: PolicyVersionRow): void {
    const document: Document = {
      scope: { kind: row.scopeKind, id: row.scopeId },
      version: row.version,
      value: row.value,
      effectiveAt: row.effectiveAt!,
    };
    const now = new Date();
    const others = (this.documents.get(keyOf(row)) ?? []).filter(({ version }) => version !== row.version);
    const versions = [...others, document];
    const inEffect = standing(versions, now)?.version ?? 0;
    this.documents.set(
      keyOf(row),
      versions.filter(({ version }) => version >= inEffect),
    );
    if (row.scopeKind === 'department') this.byDepartment.add(row.name);
  }

  /** @returns the position everything up to which was read */
  private async readAll(): Promise<number> {
    const head = await this.store.head();
    const current = await this.store.current();
    this.documents = new Map();
    this.byDepartment = new Set();
    for (const row of current) this.remember(row);
    return head;
  }
}
