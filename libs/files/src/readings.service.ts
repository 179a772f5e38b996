import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AuditTrail } from '#audit';
import type { PersonPrincipal } from '#platform';
import type { FileRow } from './file.entity.js';

/** Players read a file in many stretches; those of one session within this time are one reading. */
const readingMs = 10 * 60_000;
const readingsKept = 10_000;

/** Who got the content of which file, in the trail before the first byte goes out. */
@Injectable()
export class Readings {
  private readonly recent = new LRUCache<string, true>({ max: readingsKept, ttl: readingMs });

  constructor(private readonly trail: AuditTrail) {}

  /** @param isStretch a range was asked and not the whole */
  async record(
    by: PersonPrincipal,
    file: FileRow,
    { isInline, isStretch }: { isInline: boolean; isStretch: boolean },
  ): Promise<void> {
    const action = isInline ? 'file.previewed' : 'file.downloaded';
    const reading = `${action} ${by.sessionId} ${file.id}`;
    if (isStretch && this.recent.has(reading)) return;
    await this.trail.recordAlone({ action, by, object: { kind: 'file', id: file.id } });
    this.recent.set(reading, true);
  }
}
