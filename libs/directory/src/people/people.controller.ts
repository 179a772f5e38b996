import { Controller, Res, StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import { directoryApi, type InputOf } from '#contracts';
import { Caller, Input, Route, type Principal } from '#platform';
import { Acquaintances } from './acquaintances.js';
import { People } from './people.service.js';

@Controller()
export class PeopleController {
  constructor(
    private readonly people: People,
    private readonly acquaintances: Acquaintances,
  ) {}

  @Route(directoryApi.people)
  list(@Caller() by: Principal, @Input() { query }: InputOf<typeof directoryApi.people>) {
    return this.people.list(by, { ...query, active: true });
  }

  @Route(directoryApi.peopleByIds)
  async byIds(@Caller() by: Principal, @Input() { body }: InputOf<typeof directoryApi.peopleByIds>) {
    const seen = await this.people.seenAmong(by, body.ids);
    const missing = body.ids.filter((id) => !seen.has(id));
    const met = missing.length > 0 ? await this.acquaintances.among(by.id, missing) : [];
    return { items: await this.people.metSummaries(by, [...seen, ...met]) };
  }

  @Route(directoryApi.person)
  card(@Caller() by: Principal, @Input() { params }: InputOf<typeof directoryApi.person>) {
    return this.people.card(by, params.personId);
  }

  @Route(directoryApi.photo)
  async photo(
    @Caller() by: Principal,
    @Input() { params, query }: InputOf<typeof directoryApi.photo>,
    @Res({ passthrough: true }) response: Response,
  ) {
    const { type, version, content } = await this.people.photo(by, params.personId);
    // The address names the version, so it never changes what it shows.
    if (query.v === version) response.setHeader('Cache-Control', 'private, max-age=31536000, immutable');
    return new StreamableFile(content, { type });
  }
}
