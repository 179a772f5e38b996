import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#persistence';
import { FileRow } from '../file.entity.js';
import { PreviewRow, PreviewWorkRow } from './preview.entity.js';
import type { PreviewForm } from './preview.js';

/** Whoever works on a file has so long for it; then it is somebody else's. */
const leaseMinutes = 5;

export interface PreviewTask {
  file: FileRow;
  attempts: number;
}

@Injectable()
export class PreviewsStore {
  constructor(private readonly database: Database) {}

  /** @param due null until somebody may have the file */
  async want(tx: Transaction, fileId: string, due: Date | null): Promise<void> {
    await tx.query(
      `insert into files.preview_work (file_id, due) values ($1, $2) on conflict (file_id) do nothing`,
      [fileId, due],
    );
  }

  /** The file may be had from now on. */
  async release(tx: Transaction, fileId: string): Promise<void> {
    await tx.query(
      `update files.preview_work set due = now() where file_id = $1 and due is null and obstacle is null`,
      [fileId],
    );
  }

  /** Takes the file that has waited longest; nobody else gets it meanwhile. */
  async claim(): Promise<PreviewTask | undefined> {
    const [taken] = await this.database.query<{ fileId: string; attempts: number }>(
      `update files.preview_work set due = now() + make_interval(mins => $1), attempts = attempts + 1
        where file_id = (select file_id from files.preview_work where due <= now()
                          order by due limit 1 for update skip locked)
        returning file_id as "fileId", attempts`,
      [leaseMinutes],
    );
    if (!taken) return undefined;
    const file = await this.database.repository(FileRow).findOneBy({ id: taken.fileId });
    if (file) return { file, attempts: taken.attempts };
    await this.settle(taken.fileId, []);
    return this.claim();
  }

  /** The file is held: it waits until it is released. */
  async hold(fileId: string): Promise<void> {
    await this.change(fileId, { due: null, attempts: 0 });
  }

  /** There will be none. */
  async giveUp(fileId: string, obstacle: string): Promise<void> {
    await this.change(fileId, { due: null, obstacle });
  }

  /** Nothing came of it, and that may pass. */
  async again(fileId: string, due: Date): Promise<void> {
    await this.change(fileId, { due });
  }

  async settle(fileId: string, previews: PreviewRow[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      // One that was given up meanwhile gets none.
      const held = await tx.query(`select from files.file where id = $1 for key share`, [fileId]);
      if (held.length > 0) await tx.repository(PreviewRow).upsert(previews, ['fileId', 'form']);
      await tx.repository(PreviewWorkRow).delete({ fileId });
    });
  }

  find(fileId: string, form: PreviewForm): Promise<PreviewRow | null> {
    return this.database.repository(PreviewRow).findOneBy({ fileId, form });
  }

  /** Whether previews are still to come. */
  async isExpected(fileId: string): Promise<boolean> {
    const work = await this.database.repository(PreviewWorkRow).findOneBy({ fileId });
    return work !== null && work.obstacle === null;
  }

  private async change(fileId: string, values: Partial<PreviewWorkRow>): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.repository(PreviewWorkRow).update({ fileId }, values);
    });
  }
}
