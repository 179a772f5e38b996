import { Controller } from '@nestjs/common';
import { directorySourcesApi as api, type InputOf } from '#contracts';
import { Caller, Input, Route, type Principal } from '#platform';
import { SourceSettings } from './source-settings.service.js';

@Controller()
export class SourcesController {
  constructor(private readonly sources: SourceSettings) {}

  @Route(api.directorySources)
  list(@Input() { query }: InputOf<typeof api.directorySources>) {
    return this.sources.list(query);
  }

  @Route(api.testDirectorySource)
  async test(@Caller() caller: Principal, @Input() { body }: InputOf<typeof api.testDirectorySource>) {
    return { steps: await this.sources.try(caller, body) };
  }

  @Route(api.addDirectorySource)
  add(@Caller() caller: Principal, @Input() { body }: InputOf<typeof api.addDirectorySource>) {
    return this.sources.add(caller, body);
  }

  @Route(api.changeDirectorySource)
  change(@Caller() caller: Principal, @Input() { params, body }: InputOf<typeof api.changeDirectorySource>) {
    const { settings, bindPassword } = body;
    return this.sources.change(caller, { ...params, settings, bindPassword });
  }

  @Route(api.pauseDirectorySource)
  setState(@Caller() caller: Principal, @Input() { params, body }: InputOf<typeof api.pauseDirectorySource>) {
    return this.sources.setState(caller, params.sourceId, body.state);
  }
}
