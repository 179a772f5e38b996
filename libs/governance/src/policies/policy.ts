import type { z } from 'zod';
import { NIL_ID, type AdministratorRole } from '#contracts';

export const scopeKinds = ['installation', 'department', 'conversation', 'person'] as const;
export type ScopeKind = (typeof scopeKinds)[number];

/** What a document is about: everything, a department with those below it, a conversation, or a person. */
export interface Scope {
  kind: ScopeKind;
  /** The nil id for the installation. */
  id: string;
}

export const installation: Scope = { kind: 'installation', id: NIL_ID };

/** One thing that may be decided otherwise while the product runs, as the library that enforces it declares it. */
export interface Policy<Value extends object = object> {
  /** `area.subject`; the console's words are found by it. */
  name: string;
  schema: z.ZodObject & z.ZodType<Value>;
  /** What holds where nobody has decided anything. */
  fallback: Value;
  changedBy: readonly AdministratorRole[];
  /** Where a second person is needed: any one of these. */
  approvedBy?: readonly AdministratorRole[];
  /** How long a change that is made waits before it takes effect. */
  delayMs: number;
  /** The installation always, and these besides. */
  scopes: readonly ScopeKind[];
  /** Whom a change would concern; absent: everybody in the scope. */
  preview?(scope: Scope, value: Value | null): Promise<number>;
}

/** A version of what was decided for a scope. */
export interface Document {
  scope: Scope;
  version: number;
  /** Null takes back what was decided before. */
  value: object | null;
  effectiveAt: Date;
}

/** Who or what a policy is asked about. */
export interface Subject {
  personId?: string;
  conversationId?: string;
  /** For every post, the main one first: the department and those above it, nearest first. */
  departments?: readonly (readonly string[])[];
}

export const scopeKey = ({ kind, id }: Scope): string => `${kind} ${id}`;

/**
 * The scopes that could decide about a subject, the one that decides first: the person, the conversation, departments
 * from the nearest to the topmost, the installation. Of departments equally near, that of the earlier post.
 */
export function scopesOf({ personId, conversationId, departments = [] }: Subject): Scope[] {
  const scopes: Scope[] = [];
  if (personId !== undefined) scopes.push({ kind: 'person', id: personId });
  if (conversationId !== undefined) scopes.push({ kind: 'conversation', id: conversationId });
  const seen = new Set<string>();
  const highest = Math.max(0, ...departments.map((way) => way.length));
  for (let height = 0; height < highest; height += 1) {
    for (const way of departments) {
      const id = way[height];
      if (id === undefined || seen.has(id)) continue;
      seen.add(id);
      scopes.push({ kind: 'department', id });
    }
  }
  return [...scopes, installation];
}

/** Of the versions for one scope the one that holds: the latest that has taken effect. */
export function standing(versions: readonly Document[], now: Date): Document | undefined {
  let latest: Document | undefined;
  for (const one of versions) {
    if (one.effectiveAt <= now && (latest === undefined || one.version > latest.version)) latest = one;
  }
  return latest;
}

export interface Step {
  scope: Scope;
  /** What stands for this scope, if anything does. */
  document: Document | undefined;
}

export interface Decided {
  /** Undefined: nobody has decided, and the default holds. */
  winner: Document | undefined;
  /** Every scope that was looked at, the one that decides first. */
  steps: Step[];
}

/** The one rule of precedence: the most specific scope with a value wins. */
export function decide(
  versionsOf: (scope: Scope) => readonly Document[],
  subject: Subject,
  now: Date,
): Decided {
  const steps = scopesOf(subject).map((scope) => ({ scope, document: standing(versionsOf(scope), now) }));
  const winner = steps.find(({ document }) => document !== undefined && document.value !== null)?.document;
  return { winner, steps };
}
