import { Controller, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { filesApi, type InputOf } from '#contracts';
import { AppError, Caller, Input, Route, type GuardedRequest, type PersonPrincipal } from '#platform';
import { setShownHeaders } from '../content-headers.js';
import { FileAccess } from '../file-access.service.js';
import { Readings } from '../readings.service.js';
import { SealedFiles } from '../sealed-files.js';
import { PreviewsStore } from './previews.store.js';

/** Smaller images, through the same gate as the file itself and into the same trail. */
@Controller()
export class PreviewsController {
  constructor(
    private readonly files: FileAccess,
    private readonly store: PreviewsStore,
    private readonly sealed: SealedFiles,
    private readonly readings: Readings,
  ) {}

  @Route(filesApi.filePreview)
  async preview(
    @Caller() caller: PersonPrincipal,
    @Input() { params, query }: InputOf<typeof filesApi.filePreview>,
    @Req() request: GuardedRequest,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.files.requireReady(caller.id, params.fileId);
    const preview = await this.store.find(file.id, query.form);
    if (!preview) {
      throw new AppError((await this.store.isExpected(file.id)) ? 'file.not_ready' : 'file.no_preview');
    }
    const etag = `"${file.sha256?.toString('hex')}-${preview.form}"`;
    setShownHeaders(response, { type: 'image/webp', etag });
    response.setHeader('Content-Disposition', 'inline');
    if (request.headers['if-none-match'] === etag) {
      response.status(304).end();
      return;
    }
    const image = await this.sealed.readDerived(file, preview);
    await this.readings.record(caller, file, { isInline: true, isStretch: true });
    response.setHeader('Content-Length', image.length);
    response.end(image);
  }
}
