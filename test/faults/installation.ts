import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chancerySays, CuttingProxy, freePort, NatsServer, OwnPostgres, World } from '#testing';
import type { Environment, ServedProcess, Topology, VariedBuild } from '#testing';
import { Clock } from './disturbances/clock.js';
import { Disk } from './disturbances/disk.js';

const startMs = 60_000;
const againMs = 300;

export interface InstallationOptions {
  topology: Topology;
  people: number;
  build?: VariedBuild;
  /** Further settings of PostgreSQL. */
  postgres?: Record<string, string>;
}

/** An installation of which everything can be killed, stopped, cut off, filled up and given a wrong time. */
export class Installation {
  world: World;
  /** Ways of the clients: to the origin, and to each process that takes messages. */
  readonly ways: CuttingProxy[] = [];
  private readonly starting = new Map<string, Promise<void>>();

  private constructor(
    readonly topology: Topology,
    readonly postgres: OwnPostgres,
    readonly disk: Disk,
    /** The bus, where it is one of its own. */
    readonly nats: NatsServer | undefined,
    readonly clocks: { postgres: Clock | undefined; messaging: Clock | undefined },
  ) {}

  static async start(options: InstallationOptions): Promise<Installation> {
    const { topology } = options;
    const disk = await Disk.make();
    const clocks = { postgres: Clock.make(), messaging: Clock.make() };
    const folder = join(disk.folder, 'postgres');
    await mkdir(folder, { recursive: true });
    const postgres = await OwnPostgres.start({
      folder,
      logFile: join(disk.folder, 'postgres.log'),
      parameters: {
        max_connections: '200',
        shared_buffers: '64MB',
        max_wal_size: '128MB',
        ...options.postgres,
      },
      environment: clocks.postgres?.environment,
    });
    const nats = topology === 'several' && NatsServer.isAtHand ? new NatsServer(await freePort()) : undefined;
    await nats?.start();
    const installation = new Installation(topology, postgres, disk, nats, clocks);
    try {
      await installation.open(options);
      return installation;
    } catch (error) {
      await installation.stop();
      throw error;
    }
  }

  /** Tokens of real sessions, one for each of so many people. */
  async tokens(count: number): Promise<string[]> {
    const said = await chancerySays(['load-tokens', '--count', String(count)], {
      CHANCERY_DATA: this.world.data,
      CHANCERY_LOADTEST: '1',
      DATABASE_URL: this.postgres.url,
      LOG_LEVEL: 'warn',
    });
    return said.trim().split('\n');
  }

  /** Starts whatever is not running, as whoever looks after it would. @returns what had ended by itself */
  async mend(): Promise<string[]> {
    const ended = [
      ...(this.postgres.isRunning ? [] : ['postgres']),
      ...this.world.all.filter(({ isRunning }) => !isRunning).map(({ name }) => name),
    ];
    await this.startPostgres();
    await Promise.all(this.world.all.map((process) => this.startAgain(process)));
    return ended;
  }

  /** Where it is not running. */
  startPostgres(): Promise<void> {
    return this.once('postgres', async () => {
      if (!this.postgres.isRunning) await this.postgres.restart();
      this.clocks.postgres?.used(this.postgres.pid);
    });
  }

  /** Where it is not running. */
  startAgain(process: ServedProcess): Promise<void> {
    return this.once(process.name, async () => {
      for (const deadline = Date.now() + startMs; !process.isRunning;) {
        try {
          await process.start();
          if (process.name === this.wrongOne) this.clocks.messaging?.used(process.pid);
        } catch (error) {
          // It ends where its database is away, and is started again until that is back.
          if (Date.now() > deadline) throw error;
          await pause(againMs);
        }
      }
    });
  }

  async stop(): Promise<void> {
    await this.disk.free();
    await Promise.all(this.ways.map((way) => way.close()));
    await this.world?.stop();
    await this.nats?.end();
    await this.postgres.stop();
    await this.disk.remove();
    for (const clock of Object.values(this.clocks)) clock?.remove();
  }

  /** One process alone has a clock that goes wrong; where there is only one, that one. */
  private get wrongOne(): string {
    return this.topology === 'one' ? 'suite-0' : 'messaging-1';
  }

  /** Two who want the same thing started get one. */
  private once(name: string, start: () => Promise<void>): Promise<void> {
    const known = this.starting.get(name);
    if (known) return known;
    const begun = start().finally(() => this.starting.delete(name));
    this.starting.set(name, begun);
    return begun;
  }

  private async open({ topology, people, build }: InstallationOptions): Promise<void> {
    const settings: Environment = {
      DATABASE_URL: this.postgres.url,
      CHANCERY_DEMO_PEOPLE: String(people),
      CHANCERY_LOADTEST: '1',
      ...(this.nats && { NATS_URL: this.nats.url }),
    };
    const clock = this.clocks.messaging;
    const settingsOf = (name: string) => (clock && name === this.wrongOne ? clock.environment : {});
    this.world = await World.start({ topology, ownPostgres: true, settings, settingsOf, build });
    this.clocks.postgres?.used(this.postgres.pid);
    clock?.used(this.world.all.find(({ name }) => name === this.wrongOne)?.pid);
    for (const address of [this.world.address, ...this.world.messaging.map((process) => process.address)]) {
      const way = new CuttingProxy(Number(new URL(address).port));
      await way.listen();
      this.ways.push(way);
    }
  }
}
