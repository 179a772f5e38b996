import { Controller } from '@nestjs/common';
import { filesApi, type InputOf, type QuarantinedFile } from '#contracts';
import { People } from '#directory';
import { decodeCursor, toPage } from '#persistence';
import { Input, Route } from '#platform';
import { Quarantine } from './quarantine.service.js';

@Controller()
export class QuarantineController {
  constructor(
    private readonly quarantine: Quarantine,
    private readonly people: People,
  ) {}

  @Route(filesApi.quarantine)
  async list(@Input() { query }: InputOf<typeof filesApi.quarantine>) {
    const [at, id] = decodeCursor(query.cursor, 2) ?? [];
    const before = at === undefined ? undefined : ([String(at), String(id)] as [string, string]);
    const rows = await this.quarantine.list(before, query.limit + 1);
    const owners = await this.people.summaries('system', [...new Set(rows.map(({ ownerId }) => ownerId))]);
    const names = new Map(owners.map(({ id: ownerId, displayName }) => [ownerId, displayName]));
    return toPage(
      rows,
      query.limit,
      (row) => [row.foundAt.toISOString(), row.fileId],
      (row): QuarantinedFile => ({
        ...row,
        ownerName: names.get(row.ownerId) ?? null,
        foundAt: row.foundAt.toISOString(),
        mediaType: row.mediaType ?? 'application/octet-stream',
      }),
    );
  }
}
