import { Controller, Res, StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import { directoryApi, type InputOf } from '#contracts';
import { Input, Route } from '#platform';
import { People } from './people.service.js';

@Controller()
export class PeopleController {
  constructor(private readonly people: People) {}

  @Route(directoryApi.people)
  list(@Input() { query }: InputOf<typeof directoryApi.people>) {
    return this.people.list({ ...query, active: true });
  }

  @Route(directoryApi.peopleByIds)
  async byIds(@Input() { body }: InputOf<typeof directoryApi.peopleByIds>) {
    return { items: await this.people.summaries(body.ids) };
  }

  @Route(directoryApi.person)
  card(@Input() { params }: InputOf<typeof directoryApi.person>) {
    return this.people.card(params.personId);
  }

  @Route(directoryApi.photo)
  async photo(
    @Input() { params, query }: InputOf<typeof directoryApi.photo>,
    @Res({ passthrough: true }) response: Response,
  ) {
    const { type, version, content } = await this.people.photo(params.personId);
    // The address names the version, so it never changes what it shows.
    if (query.v === version) response.setHeader('Cache-Control', 'private, max-age=31536000, immutable');
    return new StreamableFile(content, { type });
  }
}
