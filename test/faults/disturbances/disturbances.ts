import type { CuttingProxy, ServedProcess } from '#testing';
import type { Installation } from '../installation.js';

/** Something that goes wrong for a while. */
export interface Disturbance {
  name: string;
  begin(): void | Promise<void>;
  end(): void | Promise<void>;
}

export interface Repertoire {
  disturbances: Disturbance[];
  /** What cannot be done here, and why. */
  notExercised: string[];
}

/** Everything that can go wrong with an installation. */
export function repertoireOf(installation: Installation): Repertoire {
  const { world, postgres, ways, disk, clocks, nats } = installation;
  const disturbances = [
    ...world.messaging.flatMap((process) => [killed(installation, process), paused(process)]),
    ...world.all
      .filter((process) => !world.messaging.includes(process))
      .map((process) => killed(installation, process)),
    postgresKilled(installation),
    { name: 'postgres stands still', begin: () => postgres.pause(), end: () => postgres.resume() },
    everythingKilled(installation),
    ...waysOf('clients', ways),
    ...waysOf('servers and postgres', [postgres.way]),
    nats ? busKilled(nats) : hintsCut(installation),
  ];
  const notExercised: string[] = [];
  if (nats) disturbances.push(busPaused(nats));
  else notExercised.push('NATS as the bus (one process, or NATS_SERVER names no program)');
  if (disk.isMounted) disturbances.push(diskFull(installation));
  else notExercised.push('a full disk (mounting needs root)');
  for (const [name, clock] of Object.entries(clocks)) {
    if (!clock) notExercised.push(`a clock that jumps in ${name} (libfaketime is absent)`);
    else disturbances.push(...jumps(name, (seconds) => clock.set(seconds)));
  }
  return { disturbances, notExercised };
}

function killed(installation: Installation, process: ServedProcess): Disturbance {
  return {
    name: `${process.name} killed`,
    begin: async () => void (await process.end('SIGKILL')),
    end: () => installation.startAgain(process),
  };
}

function paused(served: ServedProcess): Disturbance {
  return {
    name: `${served.name} stands still`,
    begin: () => signal(served.pid, 'SIGSTOP'),
    end: () => signal(served.pid, 'SIGCONT'),
  };
}

/** Another disturbance of the same moment may have ended it. */
function signal(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function postgresKilled(installation: Installation): Disturbance {
  return {
    name: 'postgres killed',
    begin: () => installation.postgres.kill(),
    end: () => installation.startPostgres(),
  };
}

function everythingKilled(installation: Installation): Disturbance {
  const { world, postgres } = installation;
  return {
    name: 'everything killed at once',
    begin: async () => {
      await Promise.all([postgres.kill(), ...world.all.map((process) => process.end('SIGKILL'))]);
    },
    end: async () => {
      await installation.startPostgres();
      await Promise.all(world.all.map((process) => installation.startAgain(process)));
    },
  };
}

function waysOf(between: string, ways: readonly CuttingProxy[]): Disturbance[] {
  const all = (act: (way: CuttingProxy) => void) => () => ways.forEach(act);
  const silence = all((way) => way.silence());
  return [
    { name: `${between}: connections cut`, begin: all((way) => way.cut()), end: () => {} },
    { name: `${between}: nothing passes, then it does`, begin: silence, end: all((way) => way.speak()) },
    {
      name: `${between}: nothing passes, then cut`,
      begin: silence,
      end: all((way) => {
        way.cut();
        way.speak();
      }),
    },
  ];
}

function hintsCut({ postgres }: Installation): Disturbance {
  return {
    name: 'bus: connections of the hints ended',
    begin: async () => void (await postgres.cutHints()),
    end: () => {},
  };
}

function busKilled(nats: NonNullable<Installation['nats']>): Disturbance {
  return { name: 'bus killed', begin: () => nats.end(), end: () => nats.start() };
}

function busPaused(nats: NonNullable<Installation['nats']>): Disturbance {
  return {
    name: 'bus stands still',
    begin: () => signal(nats.pid, 'SIGSTOP'),
    end: () => signal(nats.pid, 'SIGCONT'),
  };
}

/** PostgreSQL gives up when it cannot write, and is started again once there is room. */
function diskFull(installation: Installation): Disturbance {
  const { disk } = installation;
  return { name: 'disk of postgres full', begin: () => disk.fill(), end: () => disk.free() };
}

function jumps(of: string, set: (seconds: number) => void): Disturbance[] {
  const hours = 3 * 3600;
  const back = () => set(0);
  return [
    { name: `clock of ${of} jumps three hours ahead`, begin: () => set(hours), end: back },
    { name: `clock of ${of} jumps three hours back`, begin: () => set(-hours), end: back },
  ];
}
