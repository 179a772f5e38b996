import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BlobStore } from '#blobs';
import { logger } from '#platform';
import { FilesStore } from './files.store.js';

const log = logger('files');
const everyMs = 3_600_000;
const patienceMs = 7 * 86_400_000;
const atOnce = 100;

/** Forgets uploads that nobody has finished within a week. */
@Injectable()
export class AbandonedUploads implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: FilesStore,
    private readonly blobs: BlobStore,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.run(), everyMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async run(now: Date = new Date()): Promise<void> {
    try {
      for (const file of await this.store.abandoned(new Date(now.getTime() - patienceMs), atOnce)) {
        if (file.uploadRef) await this.blobs.abort('files', file.objectKey, file.uploadRef);
        // One that was put together but never found whole lies there under its name.
        await this.blobs.remove('files', file.objectKey);
        await this.store.remove(file.id);
      }
    } catch (err) {
      log.warn({ err }, 'abandoned uploads could not be removed; the next round tries again');
    }
  }
}
