import type { Entry } from 'ldapts';
import { all } from './mapping.js';

/** A part of the values of an attribute, as Active Directory gives them where there are many. */
export interface ValueRange {
  first: number;
  /** Undefined for the part that is the last one. */
  last: number | undefined;
  values: string[];
}

/** The part that an entry has of an attribute; undefined where its values are not given in parts. */
export function rangeOf(entry: Entry, attribute: string): ValueRange | undefined {
  const prefix = `${attribute.toLowerCase()};range=`;
  for (const name of Object.keys(entry)) {
    if (!name.toLowerCase().startsWith(prefix)) continue;
    const bounds = /^(\d+)-(\d+|\*)$/.exec(name.slice(prefix.length));
    if (!bounds) continue;
    const last = bounds[2] === '*' ? undefined : Number(bounds[2]);
    return { first: Number(bounds[1]), last, values: all(entry, name) };
  }
  return undefined;
}
