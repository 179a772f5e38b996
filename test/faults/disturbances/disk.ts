import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const megabytes = 640;
/** What is left once it is full: less than a segment of the log that is written ahead. */
const leftBytes = 512 * 1024;

/** A folder on a disk of its own that can be full. Without the right to mount, an ordinary folder. */
export class Disk {
  private constructor(
    readonly folder: string,
    readonly isMounted: boolean,
  ) {}

  static async make(): Promise<Disk> {
    const folder = await mkdtemp(join(tmpdir(), 'chancery-faults-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'none', folder], {
        stdio: 'ignore',
      });
      return new Disk(folder, true);
    } catch {
      // Whoever may not mount goes without this disturbance, and the report says so.
      return new Disk(folder, false);
    }
  }

  async fill(): Promise<void> {
    const { bavail, bsize } = statfsSync(this.folder);
    try {
      await writeFile(this.ballast, Buffer.alloc(Math.max(0, bavail * bsize - leftBytes)));
    } catch (error) {
      // Somebody else was faster, and it is full all the same.
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  async free(): Promise<void> {
    await rm(this.ballast, { force: true });
  }

  async remove(): Promise<void> {
    if (this.isMounted) execFileSync('umount', ['--lazy', this.folder]);
    await rm(this.folder, { recursive: true, force: true });
  }

  private get ballast(): string {
    return join(this.folder, 'ballast');
  }
}
