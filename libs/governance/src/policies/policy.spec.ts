import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide, installation, scopeKey, scopesOf, standing, type Document, type Subject } from './policy.js';

const ids = fc.constantFrom('a', 'b', 'c', 'd');
const subjects: fc.Arbitrary<Subject> = fc.record(
  {
    personId: ids,
    conversationId: ids,
    departments: fc.array(fc.array(ids, { maxLength: 4 }), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const scopes = fc.oneof(
  fc.constant(installation),
  fc.record({
    kind: fc.constantFrom('department' as const, 'conversation' as const, 'person' as const),
    id: ids,
  }),
);
const now = new Date(1000);
const documents: fc.Arbitrary<Document[]> = fc.uniqueArray(
  fc.record({
    scope: scopes,
    version: fc.integer({ min: 1, max: 5 }),
    value: fc.option(fc.record({ n: fc.integer() })),
    effectiveAt: fc.integer({ min: 0, max: 2000 }).map((ms) => new Date(ms)),
  }),
  { maxLength: 30, selector: ({ scope, version }) => `${scopeKey(scope)} ${version}` },
);
const over = (all: Document[], subject: Subject) =>
  decide((scope) => all.filter((one) => scopeKey(one.scope) === scopeKey(scope)), subject, now);

describe('the precedence of policies', () => {
  it('lets a version win that is in effect, has a value, and whose scope holds the subject', () => {
    fc.assert(
      fc.property(documents, subjects, (all, subject) => {
        const { winner } = over(all, subject);
        const possible = new Set(scopesOf(subject).map(scopeKey));
        if (!winner) return;
        expect(possible).toContain(scopeKey(winner.scope));
        expect(winner.value).not.toBeNull();
        expect(winner.effectiveAt <= now).toBe(true);
      }),
    );
  });

  it('falls to the default only when no scope of the subject has a value', () => {
    fc.assert(
      fc.property(documents, subjects, (all, subject) => {
        const { winner, steps } = over(all, subject);
        expect(winner === undefined).toBe(steps.every(({ document }) => !document?.value));
      }),
    );
  });

  it('never lets a less specific scope win over a more specific one', () => {
    fc.assert(
      fc.property(documents, subjects, (all, subject) => {
        const { winner, steps } = over(all, subject);
        const place = steps.findIndex(({ document }) => document === winner);
        const before = winner ? steps.slice(0, place) : [];
        expect(before.every(({ document }) => !document?.value)).toBe(true);
      }),
    );
  });

  it('does not depend on the order in which documents are known', () => {
    fc.assert(
      fc.property(documents, subjects, (all, subject) => {
        expect(over(all.toReversed(), subject).winner).toBe(over(all, subject).winner);
      }),
    );
  });

  it('is not changed by what is decided for others, or takes effect later', () => {
    fc.assert(
      fc.property(documents, documents, subjects, (all, more, subject) => {
        const possible = new Set(scopesOf(subject).map(scopeKey));
        const irrelevant = more.filter(
          (one) => !possible.has(scopeKey(one.scope)) || (one.effectiveAt > now && one.version > 0),
        );
        expect(over([...all, ...irrelevant], subject).winner).toBe(over(all, subject).winner);
      }),
    );
  });

  it('names each scope once: person, conversation, departments from near to far, installation', () => {
    fc.assert(
      fc.property(subjects, (subject) => {
        const order = ['person', 'conversation', 'department', 'installation'];
        const found = scopesOf(subject);
        const places = found.map(({ kind }) => order.indexOf(kind));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect(new Set(found.map(scopeKey)).size).toBe(found.length);
        expect(found.at(-1)).toEqual(installation);
      }),
    );
    const departments = [
      ['team', 'division', 'ministry'],
      ['office', 'ministry'],
    ];
    expect(scopesOf({ departments }).map(({ id }) => id)).toEqual([
      'team',
      'office',
      'division',
      'ministry',
      installation.id,
    ]);
  });

  it('of two versions for a scope takes the later one once it is in effect', () => {
    const version = (number: number, at: number): Document => ({
      scope: installation,
      version: number,
      value: { number },
      effectiveAt: new Date(at),
    });
    const versions = [version(1, 0), version(2, 1500)];
    expect(standing(versions, now)?.version).toBe(1);
    expect(standing(versions, new Date(1500))?.version).toBe(2);
  });
});
