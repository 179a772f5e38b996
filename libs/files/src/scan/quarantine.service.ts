import { Injectable } from '@nestjs/common';
import type { Transaction } from '#persistence';
import { ScansStore, type Quarantined } from './scans.store.js';

/** Job that tells conversations of a file in quarantine. */
export const quarantineJob = 'file-quarantined';
export const quarantineJobOptions = { retries: 20, heartbeatSeconds: 60 };

export interface QuarantineJobData {
  fileId: string;
}

/** Files in which harm was found, for those who tell people. */
@Injectable()
export class Quarantine {
  constructor(private readonly store: ScansStore) {}

  /** Where the file was sent; nothing where that was told before. To be told in this transaction. */
  async toTell(tx: Transaction, fileId: string): Promise<{ conversationId: string; messageIds: string[] }[]> {
    return (await this.store.markTold(tx, fileId)) ? this.store.sentTo(tx, fileId) : [];
  }

  list(before: [foundAt: string, fileId: string] | undefined, limit: number): Promise<Quarantined[]> {
    return this.store.listQuarantined(before, limit);
  }
}
