import { Controller } from '@nestjs/common';
import { Sessions } from '#access';
import { administrationApi, type Overview } from '#contracts';
import { People, SyncRuns } from '#directory';
import { Route } from '#platform';

@Controller()
export class OverviewController {
  constructor(
    private readonly people: People,
    private readonly sessions: Sessions,
    private readonly runs: SyncRuns,
  ) {}

  @Route(administrationApi.overview)
  async overview(): Promise<Overview> {
    const [people, connections, lastRuns, alarms] = await Promise.all([
      this.people.counts(),
      this.sessions.countLive(),
      this.runs.list({ limit: 1 }),
      this.runs.alarms(),
    ]);
    return {
      people: people.active,
      disabledPeople: people.disabled,
      departments: people.departments,
      connections,
      lastRun: lastRuns.items[0] ?? null,
      alarms,
    };
  }
}
