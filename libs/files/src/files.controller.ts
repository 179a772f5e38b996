import { Controller, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { AuditTrail } from '#audit';
import { filesApi, type InputOf, type StoredFile } from '#contracts';
import { AppError, Caller, Input, logger, Route, type GuardedRequest, type PersonPrincipal } from '#platform';
import type { FileRow } from './file.entity.js';
import { infoOf, mayBeShown, parseRange } from './file.js';
import { FileAccess } from './file-access.service.js';
import { TusUploads } from './tus-uploads.js';

const log = logger('files');

@Controller()
export class FilesController {
  constructor(
    private readonly files: FileAccess,
    private readonly tus: TusUploads,
    private readonly trail: AuditTrail,
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
  async one(@Caller() caller: PersonPrincipal, @Input() { params }: InputOf<typeof filesApi.file>) {
    return present(await this.files.require(caller.id, params.fileId));
  }

  @Route(filesApi.fileContent)
  async content(
    @Caller() caller: PersonPrincipal,
    @Input() { params, query }: InputOf<typeof filesApi.fileContent>,
    @Req() request: GuardedRequest,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.files.requireReady(caller.id, params.fileId);
    const range = parseRange(request.headers.range, file.size);
    if (range === 'unsatisfiable') {
      response.setHeader('Content-Range', `bytes */${file.size}`);
      throw new AppError('file.range_invalid');
    }
    const { first, last } = range ?? { first: 0, last: file.size - 1 };
    setHeaders(response, file, query.download === '1');
    response.setHeader('Content-Length', last - first + 1);
    if (range) response.status(206).setHeader('Content-Range', `bytes ${first}-${last}/${file.size}`);
    const content = await this.files.read(file, { first, last });
    if (first === 0) {
      await this.trail.recordAlone({
        action: 'file.downloaded',
        by: caller,
        object: { kind: 'file', id: file.id },
      });
    }
    await pipeline(content, response).catch((err: unknown) => {
      // The reader went away, or the store broke in the middle: the connection is cut either way.
      log.debug({ err, fileId: file.id }, 'a download ended early');
    });
  }
}

const present = (file: FileRow): StoredFile => ({ id: file.id, state: file.state, ...infoOf(file) });

function setHeaders(response: Response, file: FileRow, isDownload: boolean): void {
  const type = file.mediaType ?? 'application/octet-stream';
  const disposition = isDownload || !mayBeShown(type) ? 'attachment' : 'inline';
  response.setHeader('Content-Type', type === 'text/plain' ? 'text/plain; charset=utf-8' : type);
  // RFC 6266 with RFC 8187: the plain form for the oldest readers, the other for every name.
  const ascii = file.name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(file.name).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  response.setHeader(
    'Content-Disposition',
    `${disposition}; filename="${ascii}"; filename*=UTF-8''${encoded}`,
  );
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('ETag', `"${file.sha256?.toString('hex')}"`);
  response.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  response.setHeader('Cache-Control', 'private, no-cache');
}
