import { Inject, Injectable } from '@nestjs/common';
import type { ErrorCode, StoredFile } from '#contracts';
import { AppError, SETTINGS, type Settings } from '#platform';
import type { FileRow } from '../file.entity.js';
import { obstacleOf, shownScan, type ScanPolicy } from './scan.js';

/** What the settings of this installation make of a verdict. */
@Injectable()
export class ScanRules {
  private readonly policy: ScanPolicy;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.policy = {
      hasScanner: settings.CLAMD_HOST !== undefined,
      passesTooLarge: settings.CLAMD_TOO_LARGE === 'pass',
    };
  }

  /** Throws `file.held` or `file.infected` where nobody gets the content. */
  requireServed(file: Pick<FileRow, 'scan'>): void {
    const obstacle = this.obstacleOf(file);
    if (obstacle) throw new AppError(obstacle);
  }

  /** Why nobody gets the content; undefined where nothing is against it. */
  obstacleOf({ scan }: Pick<FileRow, 'scan'>): ErrorCode | undefined {
    return obstacleOf(scan, this.policy);
  }

  shown({ state, scan }: Pick<FileRow, 'state' | 'scan'>): Pick<StoredFile, 'scan' | 'isAvailable'> {
    const isAvailable = state === 'ready' && obstacleOf(scan, this.policy) === undefined;
    return { scan: shownScan(scan, this.policy), isAvailable };
  }
}
