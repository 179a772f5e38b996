import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '#testing';

/** The clock of one program, which can be put forward and back while it runs; by libfaketime. */
export class Clock {
  private readonly folder = mkdtempSync(join(tmpdir(), 'chancery-clock-'));
  private readonly file = join(this.folder, 'now');
  private readonly pids = new Set<number>();

  private constructor(private readonly library: string) {
    // PostgreSQL runs as another user.
    chmodSync(this.folder, 0o755);
    this.set(0);
  }

  /** Undefined where the library is not at hand. */
  static make(): Clock | undefined {
    const library = process.env['FAKETIME_LIBRARY'];
    return library ? new Clock(library) : undefined;
  }

  get environment(): Environment {
    return {
      LD_PRELOAD: this.library,
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_CACHE_DURATION: '1',
      // How long something takes is measured by another clock, which nobody puts.
      DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** @param seconds ahead of the true time */
  set(seconds: number): void {
    writeFileSync(this.file, `${seconds < 0 ? '' : '+'}${seconds}\n`, { mode: 0o644 });
  }

  /** This process goes by the clock. */
  used(pid: number | undefined): void {
    if (pid !== undefined) this.pids.add(pid);
  }

  /** To be called when they have ended: what the library shares between processes outlives one that is killed. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    for (const pid of this.pids) {
      for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`]) {
        rmSync(join('/dev/shm', name), { force: true });
      }
    }
  }
}
