import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { buffer } from 'node:stream/consumers';
import { isDatabaseAway, logger } from '#platform';
import type { FileRow } from '../file.entity.js';
import { ScanRules } from '../scan/scan-rules.js';
import { SealedFiles } from '../sealed-files.js';
import { ImageProgram } from './image-program.js';
import { PreviewRow } from './preview.entity.js';
import { mostPixels, obstacleOf, previewForms, type PreviewForm } from './preview.js';
import { PreviewsStore, type PreviewTask } from './previews.store.js';

const log = logger('files');
const everyMs = 1000;
const againMs = 30_000;
const secondsForImage = 20;
const forms = Object.keys(previewForms) as PreviewForm[];

/** Makes previews of images that may be had, one after the other, in a process that may die of them. */
@Injectable()
export class PreviewMaking implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly program = new ImageProgram();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly store: PreviewsStore,
    private readonly sealed: SealedFiles,
    private readonly rules: ScanRules,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running ??= this.round().finally(() => (this.running = undefined));
    }, everyMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.running;
    this.program.end();
  }

  /** Never rejects. */
  private async round(): Promise<void> {
    try {
      while (this.timer) {
        const task = await this.store.claim();
        if (!task) return;
        await this.make(task);
      }
    } catch (err) {
      if (!isDatabaseAway(err)) log.error({ err }, 'previews cannot be made; the next round tries again');
    }
  }

  private async make({ file, attempts }: PreviewTask): Promise<void> {
    if (this.rules.obstacleOf(file)) return this.store.hold(file.id);
    const obstacle = obstacleOf(file, attempts);
    if (obstacle) return this.giveUp(file, obstacle);
    try {
      const image = await buffer(await this.sealed.read(file, { first: 0, last: file.size - 1 }));
      const edges = forms.map((form) => previewForms[form]);
      const outcome = await this.program.draw({ image, edges, mostPixels, seconds: secondsForImage });
      if ('refusal' in outcome) return await this.giveUp(file, outcome.refusal);
      const rows = [];
      for (const [i, one] of outcome.images.entries()) rows.push(await this.keep(file, forms[i]!, one));
      await this.store.settle(file.id, rows);
    } catch (err) {
      if (isDatabaseAway(err)) throw err;
      log.warn({ err, fileId: file.id, attempts }, 'no previews came of a file; it is tried again');
      await this.store.again(file.id, new Date(Date.now() + againMs));
    }
  }

  private async keep(
    file: FileRow,
    form: PreviewForm,
    { image, width, height }: { image: Uint8Array; width: number; height: number },
  ): Promise<PreviewRow> {
    const objectKey = await this.sealed.putDerived(file, form, Buffer.from(image));
    return { fileId: file.id, form, objectKey, size: image.length, width, height, madeAt: new Date() };
  }

  private giveUp(file: FileRow, obstacle: string): Promise<void> {
    log.info({ fileId: file.id, obstacle }, 'a file gets no previews');
    return this.store.giveUp(file.id, obstacle);
  }
}
