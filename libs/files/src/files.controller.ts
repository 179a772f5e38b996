import { Controller, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { filesApi, type InputOf, type StoredFile } from '#contracts';
import { AppError, Caller, Input, logger, Route, type GuardedRequest, type PersonPrincipal } from '#platform';
import { isShownInline, names, setContentHeaders } from './content-headers.js';
import { infoOf, parseRange } from './file.js';
import { FileAccess } from './file-access.service.js';
import { Readings } from './readings.service.js';
import { send } from './send.js';
import { ScanRules } from './scan/scan-rules.js';
import { TusUploads } from './tus-uploads.js';

const log = logger('files');

@Controller()
export class FilesController {
  constructor(
    private readonly files: FileAccess,
    private readonly tus: TusUploads,
    private readonly readings: Readings,
    private readonly rules: ScanRules,
  ) {}

  @Route(filesApi.createUpload)
  create(@Req() request: GuardedRequest, @Res() response: Response) {
    return this.tus.handle(request, response);
  }

  @Route(filesApi.uploadOffset)
  offset(@Req() request: GuardedRequest, @Res() response: Response) {
    return this.tus.handle(request, response);
  }

  @Route(filesApi.appendUpload)
  append(@Req() request: GuardedRequest, @Res() response: Response) {
    return this.tus.handle(request, response);
  }

  @Route(filesApi.cancelUpload)
  cancel(@Req() request: GuardedRequest, @Res() response: Response) {
    return this.tus.handle(request, response);
  }

  @Route(filesApi.file)
  async one(
    @Caller() caller: PersonPrincipal,
    @Input() { params }: InputOf<typeof filesApi.file>,
  ): Promise<StoredFile> {
    const file = await this.files.require(caller.id, params.fileId);
    const { id, state } = file;
    return { id, state, ...this.rules.shown(file), ...infoOf(file) };
  }

  @Route(filesApi.fileContent)
  async content(
    @Caller() caller: PersonPrincipal,
    @Input() { params, query }: InputOf<typeof filesApi.fileContent>,
    @Req() request: GuardedRequest,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.files.requireReady(caller.id, params.fileId);
    const isDownload = query.download === '1';
    const { headers } = request;
    // What the reader has already was read and noted before.
    if (!isDownload && names(headers['if-none-match'], file)) {
      setContentHeaders(response, file, isDownload);
      response.status(304).end();
      return;
    }
    const isSame = headers['if-range'] === undefined || names(String(headers['if-range']), file);
    const range = isSame ? parseRange(headers.range, file.size) : undefined;
    if (range === 'unsatisfiable') {
      response.setHeader('Content-Range', `bytes */${file.size}`);
      throw new AppError('file.range_invalid');
    }
    const { first, last } = range ?? { first: 0, last: file.size - 1 };
    const content = await this.files.read(file, { first, last });
    const isInline = isShownInline(file, isDownload);
    await this.readings
      .record(caller, file, { isInline, isStretch: range !== undefined })
      .catch((error: unknown) => {
        content.destroy();
        throw error;
      });
    setContentHeaders(response, file, isDownload);
    response.setHeader('Content-Length', last - first + 1);
    if (range) response.status(206).setHeader('Content-Range', `bytes ${first}-${last}/${file.size}`);
    await send(content, response).catch((err: unknown) => {
      // The reader went away, or the store broke in the middle: the connection is cut either way.
      log.debug({ err, fileId: file.id }, 'a download ended early');
    });
  }
}
