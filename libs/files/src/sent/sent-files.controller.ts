import { Controller } from '@nestjs/common';
import { filesApi, type InputOf, type SentFile } from '#contracts';
import { decodeCursor, toPage } from '#persistence';
import { Caller, Input, Route, type PersonPrincipal } from '#platform';
import { SentFiles } from './sent-files.service.js';

@Controller()
export class SentFilesController {
  constructor(private readonly sent: SentFiles) {}

  @Route(filesApi.sentFiles)
  async list(@Caller() caller: PersonPrincipal, @Input() { query }: InputOf<typeof filesApi.sentFiles>) {
    const { cursor, limit, conversationId, kind, name } = query;
    const [before] = decodeCursor(cursor, 1) ?? [];
    const beforeSeq = before === undefined ? undefined : Number(before);
    const rows = await this.sent.list(caller.id, { conversationId, kind, name, beforeSeq, limit: limit + 1 });
    return toPage(
      rows,
      limit,
      ({ seq }) => [seq],
      (row): SentFile => row,
    );
  }
}
