import { dnKeyOfText, foldText } from './distinguished-name.js';
import type { Entry, Value } from './entry.js';
import type { Comparison, SearchFilter } from './filter-decoder.js';
import { attributeKey, attributeType, type Syntax } from './schema.js';

/** Undefined where LDAP says Undefined: nobody can tell, so neither the filter nor its opposite selects the entry. */
export type Verdict = boolean | undefined;

export type Test = (entry: Entry) => Verdict;

type Comparable = string | number;

const unknown: Test = () => undefined;

const relations: Record<Comparison, (held: Comparable, asked: Comparable) => boolean> = {
  equal: (held, asked) => held === asked,
  atLeast: (held, asked) => held >= asked,
  atMost: (held, asked) => held <= asked,
};

export function compileFilter(filter: SearchFilter): Test {
  switch (filter.kind) {
    case 'and':
      return allOf(filter.clauses.map(compileFilter));
    case 'or':
      return anyOf(filter.clauses.map(compileFilter));
    case 'not':
      return opposite(compileFilter(filter.clause));
    case 'present':
      return presence(filter.attribute);
    case 'substring':
      return substring(filter);
    case 'extensible':
      return unknown;
    default:
      return comparison(filter);
  }
}

/** Positions that hold everything the filter can select; undefined when the whole directory has to be read. */
export function indexable(
  filter: SearchFilter,
  lookUp: (attribute: string, value: string) => number[] | undefined,
): number[] | undefined {
  switch (filter.kind) {
    case 'equal':
      return lookUp(attributeKey(filter.attribute), filter.value);
    case 'and':
      for (const clause of filter.clauses) {
        const positions = indexable(clause, lookUp);
        if (positions) return positions;
      }
      return undefined;
    case 'or': {
      const lists = filter.clauses.map((clause) => indexable(clause, lookUp));
      if (lists.length === 0 || lists.includes(undefined)) return undefined;
      return [...new Set(lists.flatMap((list) => list ?? []))].sort((a, b) => a - b);
    }
    default:
      return undefined;
  }
}

function allOf(tests: readonly Test[]): Test {
  return (entry) => {
    let verdict: Verdict = true;
    for (const test of tests) {
      const one = test(entry);
      if (one === false) return false;
      if (one === undefined) verdict = undefined;
    }
    return verdict;
  };
}

function anyOf(tests: readonly Test[]): Test {
  return (entry) => {
    let verdict: Verdict = false;
    for (const test of tests) {
      const one = test(entry);
      if (one === true) return true;
      if (one === undefined) verdict = undefined;
    }
    return verdict;
  };
}

function opposite(test: Test): Test {
  return (entry) => {
    const verdict = test(entry);
    return verdict === undefined ? undefined : !verdict;
  };
}

function presence(attribute: string): Test {
  const key = attributeKey(attribute);
  if (!attributeType(key)) return unknown;
  return (entry) => entry.read(key).length > 0;
}

function comparison(filter: Extract<SearchFilter, { kind: Comparison }>): Test {
  const key = attributeKey(filter.attribute);
  const syntax = attributeType(key)?.syntax;
  const asked = syntax && comparable(filter.value, syntax);
  if (syntax === undefined || asked === undefined) return unknown;
  const holds = relations[filter.kind];
  return (entry) =>
    entry.read(key).some((value) => {
      const held = comparable(value, syntax);
      return held !== undefined && holds(held, asked);
    });
}

function substring(filter: Extract<SearchFilter, { kind: 'substring' }>): Test {
  const key = attributeKey(filter.attribute);
  const syntax = attributeType(key)?.syntax;
  if (syntax !== 'text' && syntax !== 'telephone') return unknown;
  const initial = foldPart(filter.initial, syntax);
  const middle = filter.middle.map((part) => foldPart(part, syntax));
  const final = foldPart(filter.final, syntax);
  return (entry) =>
    entry.read(key).some((value) => contains(String(comparable(value, syntax)), initial, middle, final));
}

function contains(held: string, initial: string, middle: readonly string[], final: string): boolean {
  if (!held.startsWith(initial)) return false;
  let from = initial.length;
  for (const part of middle) {
    const found = held.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return held.length - final.length >= from && held.endsWith(final);
}

/** Undefined when the value does not have the form the attribute demands. */
export function comparable(value: Value, syntax: Syntax): Comparable | undefined {
  if (typeof value !== 'string') return undefined;
  switch (syntax) {
    case 'text':
      return foldText(value);
    case 'telephone':
      return foldPart(value, syntax);
    case 'integer':
      return /^-?\d+$/.test(value) ? Number(value) : undefined;
    case 'time':
      return momentOf(value);
    case 'dn':
      return dnKeyOfText(value);
    default:
      return undefined;
  }
}

/** Unlike a whole value, a part keeps the spaces at its ends. */
function foldPart(part: string, syntax: 'text' | 'telephone'): string {
  const folded = part.normalize('NFKC').toLowerCase();
  return syntax === 'telephone' ? folded.replaceAll(/[ -]/g, '') : folded.replaceAll(/\s+/g, ' ');
}

/** Generalized time down to the second: Active Directory's clients add a fraction, others leave the seconds out. */
function momentOf(value: string): string | undefined {
  const [, moment] = /^(\d{10}(?:\d{2}){0,2})(?:[.,]\d+)?Z$/.exec(value) ?? [];
  return moment?.padEnd(14, '0');
}
