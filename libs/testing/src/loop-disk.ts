import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.js';

const run = promisify(execFile);

/** FS_IOC_SHUTDOWN without a last flush of the journal: EXT4_GOING_FLAGS_NOLOGFLUSH of fs/ext4/ext4.h. */
const cutProgram = `open(my $disk, '<', $ARGV[0]) or die $!; my $flags = pack('L', 2); ioctl($disk, 0x8004587d, $flags) or die $!;`;

/**
 * An ext4 filesystem in a file, whose power can be cut: from one moment to the next nothing reaches it any more, and
 * what was not synced by then is gone. Needs root and loop devices.
 */
export class LoopDisk {
  private constructor(
    private readonly base: string,
    /** Where the filesystem is mounted. */
    readonly folder: string,
  ) {}

  static async make(bytes: number): Promise<LoopDisk> {
    const base = await mkdtemp(join(tmpdir(), 'chancery-disk-'));
    const disk = new LoopDisk(base, join(base, 'mounted'));
    try {
      await mkdir(disk.folder);
      const image = await open(disk.image, 'w');
      await image.truncate(bytes);
      await image.close();
      await run(process.env['MKFS_EXT4']!, ['-q', '-F', disk.image]);
      await disk.mount();
      return disk;
    } catch (error) {
      await rm(base, { recursive: true, force: true });
      throw error;
    }
  }

  /** Reads and writes fail from here on; programs find out by themselves. */
  async cutPower(): Promise<void> {
    await run('perl', ['-e', cutProgram, this.folder]);
  }

  /** Ends every program that still works in the folder, and brings back what the disk has. */
  async powerUp(): Promise<void> {
    await this.unmount();
    await this.mount();
  }

  async remove(): Promise<void> {
    await this.unmount();
    await rm(this.base, { recursive: true });
  }

  private get image(): string {
    return join(this.base, 'image');
  }

  private async mount(): Promise<void> {
    await run('mount', ['-o', 'loop', this.image, this.folder]);
  }

  private async unmount(): Promise<void> {
    await eventually('the disk is unmounted', async () => {
      for (const pid of await this.users()) kill(pid);
      return run('umount', [this.folder]).then(
        () => true,
        () => false,
      );
    });
  }

  /** Servers work in the folder of their data. */
  private async users(): Promise<number[]> {
    const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const folders = await Promise.all(processes.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
    return processes.filter((_, i) => folders[i]!.startsWith(`${this.folder}/`)).map(Number);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
