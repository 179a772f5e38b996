import { Controller, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { filesApi, type InputOf } from '#contracts';
import { Caller, Input, Route, type GuardedRequest, type PersonPrincipal } from '#platform';
import { setShownHeaders } from '../content-headers.js';
import { FileAccess } from '../file-access.service.js';
import { Readings } from '../readings.service.js';
import { Previews } from './previews.service.js';

/** Smaller images, through the same gate as the file itself and into the same trail. */
@Controller()
export class PreviewsController {
  constructor(
    private readonly files: FileAccess,
    private readonly previews: Previews,
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
    const preview = await this.previews.require(file, query.form);
    const etag = `"${file.sha256?.toString('hex')}-${preview.form}"`;
    setShownHeaders(response, { type: 'image/webp', etag });
    response.setHeader('Content-Disposition', 'inline');
    if (request.headers['if-none-match'] === etag) {
      response.status(304).end();
      return;
    }
    const image = await this.previews.read(file, preview);
    await this.readings.record(caller, file, { isInline: true, isStretch: true });
    response.setHeader('Content-Length', image.length);
    response.end(image);
  }
}
