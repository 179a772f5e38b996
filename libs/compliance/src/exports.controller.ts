import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { auditApi, type InputOf } from '#contracts';
import { Caller, Input, logger, Route, type AdministratorPrincipal } from '#platform';
import { Exports } from './exports.service.js';

const log = logger('compliance');

@Controller()
export class ExportsController {
  constructor(private readonly exports: Exports) {}

  @Route(auditApi.askExport)
  ask(@Caller() caller: AdministratorPrincipal, @Input() { body }: InputOf<typeof auditApi.askExport>) {
    return this.exports.ask(caller, body);
  }

  @Route(auditApi.exports)
  list(@Input() { query }: InputOf<typeof auditApi.exports>) {
    return this.exports.list(query.cursor, query.limit);
  }

  @Route(auditApi.export)
  one(@Input() { params }: InputOf<typeof auditApi.export>) {
    return this.exports.one(params.exportId);
  }

  @Route(auditApi.exportFile)
  async file(
    @Caller() caller: AdministratorPrincipal,
    @Input() { params }: InputOf<typeof auditApi.exportFile>,
    @Res() response: Response,
  ): Promise<void> {
    const { file, content } = await this.exports.download(caller, params.exportId, params.name);
    response.setHeader('Content-Type', typeOf(file.name));
    response.setHeader('Content-Length', file.size);
    // Names of files are ours: letters, digits, dots and hyphens.
    response.setHeader('Content-Disposition', `attachment; filename="${file.name}"`);
    response.setHeader('ETag', `"${file.sha256?.toString('hex')}"`);
    await pipeline(content, response).catch((err: unknown) => {
      // The reader went away, or a sealed byte was altered: the connection is cut, so nobody takes half for whole.
      log.warn({ err, exportId: params.exportId, file: file.name }, 'a download ended early');
    });
  }
}

const typeOf = (name: string) =>
  name.endsWith('.jsonl') ? 'application/jsonl; charset=utf-8' : 'application/json; charset=utf-8';
