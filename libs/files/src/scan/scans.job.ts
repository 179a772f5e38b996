import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AuditTrail } from '#audit';
import { Jobs } from '#persistence';
import { isDatabaseAway, logger, SETTINGS, type Settings } from '#platform';
import type { FileRow } from '../file.entity.js';
import { PreviewsStore } from '../previews/previews.store.js';
import { SealedFiles } from '../sealed-files.js';
import { Clamd } from './clamd.js';
import { quarantineJob, quarantineJobOptions } from './quarantine.service.js';
import { nextAttempt, type Verdict } from './scan.js';
import { ScanRules } from './scan-rules.js';
import { ScansStore } from './scans.store.js';

const log = logger('files');
const everyMs = 1000;
const againMs = 10_000;
const dueAtOnce = 500;

/** Shows every file to the scanner, and again when its signatures change. While it is away, files wait. */
@Injectable()
export class Scans implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly clamd: Clamd | undefined;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private known: string | undefined;
  private isAway = false;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    private readonly store: ScansStore,
    private readonly sealed: SealedFiles,
    private readonly trail: AuditTrail,
    private readonly jobs: Jobs,
    private readonly rules: ScanRules,
    private readonly previews: PreviewsStore,
  ) {
    const { CLAMD_HOST: host, CLAMD_PORT: port, CLAMD_TIMEOUT_MS: timeoutMs } = settings;
    this.clamd = host === undefined ? undefined : new Clamd({ host, port, timeoutMs });
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.clamd) return;
    await this.jobs.define(quarantineJob, quarantineJobOptions);
    this.timer = setInterval(() => {
      this.running ??= this.round(this.clamd!).finally(() => (this.running = undefined));
    }, everyMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.running;
  }

  /** Scans what is due, one after the other. Never rejects. */
  private async round(clamd: Clamd): Promise<void> {
    try {
      const version = await clamd.version();
      if (this.isAway) log.info({ version }, 'the scanner is back');
      this.isAway = false;
      await this.noticeUpdate(version);
      while (this.timer) {
        const file = await this.store.claim();
        if (!file) return;
        await this.scan(clamd, file, version);
      }
    } catch (err) {
      if (isDatabaseAway(err)) return;
      if (!this.isAway) log.error({ err }, 'the scanner cannot be used; files are held until it can');
      this.isAway = true;
    }
  }

  private async noticeUpdate(version: string): Promise<void> {
    if (this.known === version) return;
    let found = 0;
    for (let due = dueAtOnce; due === dueAtOnce; found += due) {
      due = await this.store.dueAgain(version, dueAtOnce);
    }
    this.known = version;
    log.info(
      { version, files: found },
      'the scanner has these signatures; files seen with others are due again',
    );
  }

  private async scan(clamd: Clamd, file: FileRow, version: string): Promise<void> {
    let verdict: Verdict;
    try {
      const content = await this.sealed.read(file, { first: 0, last: file.size - 1 });
      verdict = await clamd.scan(content);
    } catch (error) {
      await this.store.giveBack(file.id, new Date(Date.now() + againMs));
      throw error;
    }
    await this.settle(file, verdict, version);
  }

  private settle(file: FileRow, verdict: Verdict, version: string): Promise<void> {
    return this.store.transaction(async (tx) => {
      if (verdict.scan === 'error') {
        log.warn({ fileId: file.id, reason: verdict.reason }, 'the scanner failed on a file');
        const scanAttempts = file.scanAttempts + 1;
        // What was found clean before stays so until something is found.
        const scan = file.scan === 'pending' ? 'error' : file.scan;
        const scanDue = nextAttempt(scanAttempts, Date.now());
        return this.store.settle(tx, file.id, { scan, scanAttempts, scanDue, scannedWith: version });
      }
      const finding = verdict.scan === 'infected' ? verdict.finding : null;
      const done = { scan: verdict.scan, scanDue: null, scanAttempts: 0, scannedWith: version, finding };
      await this.store.settle(tx, file.id, done);
      if (!this.rules.obstacleOf(verdict)) await this.previews.release(tx, file.id);
      if (finding === null) return;
      await this.store.quarantine(tx, { fileId: file.id, foundAt: new Date(), finding });
      await this.trail.record(tx, {
        action: 'file.quarantined',
        object: { kind: 'file', id: file.id },
        details: { finding, ownerId: file.ownerId, scanner: version },
      });
      await this.jobs.ask(quarantineJob, file.id, { fileId: file.id }, tx);
    });
  }
}
