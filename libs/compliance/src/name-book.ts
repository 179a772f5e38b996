import { LRUCache } from 'lru-cache';
import type { NameVersion, People } from '#directory';
import type { LinePerson } from './export-line.js';

const peopleKept = 20_000;

/** What people were called at any position of the log up to the one an export ends at. */
export class NameBook {
  private readonly known = new LRUCache<string, NameVersion[]>({ max: peopleKept });

  constructor(
    private readonly people: People,
    private readonly upToPos: number,
  ) {}

  /** Looks these people up; the answer names each as of a position. */
  async open(ids: readonly string[]): Promise<(id: string, pos: number) => LinePerson | undefined> {
    const versions = new Map<string, NameVersion[]>();
    const unknown: string[] = [];
    for (const id of new Set(ids)) {
      const known = this.known.get(id);
      if (known) versions.set(id, known);
      else unknown.push(id);
    }
    if (unknown.length > 0) {
      const found = await this.people.nameVersions(unknown, this.upToPos);
      for (const id of unknown) {
        const ofPerson = found.get(id) ?? [];
        this.known.set(id, ofPerson);
        versions.set(id, ofPerson);
      }
    }
    return (id, pos) => nameAt(versions.get(id) ?? [], pos);
  }
}

/** The latest version that began at or before a position; the first one for what happened before it. */
export function nameAt(versions: readonly NameVersion[], pos: number): LinePerson | undefined {
  return versions.findLast((version) => version.pos <= pos) ?? versions[0];
}
