import { VariedBuild } from '#testing';
import type { Stage } from './bench.js';
import type { Server, StartOptions } from './installation.js';
import type { ProfileEntry } from './inspector.js';
import { Load } from './load/load.js';
import type { LoadPerson } from './load/device.js';
import { ProcessorClock, type ProcessorTime } from './machine.js';

/**
 * The build everything is compared with: each message a transaction of its own, by the same rules and statements. So
 * many writers make it fastest: fewer wait for the disk, more wait for each other.
 */
const baselineWriters = 8;
const senders = 'libs/messaging/src/messages/send-writers.service.js';

export async function withBaseline<T>(work: (build: VariedBuild) => Promise<T>): Promise<T> {
  const build = await VariedBuild.make([
    { file: senders, find: 'const writers = 2;', replace: `const writers = ${baselineWriters};` },
    { file: senders, find: 'batch: 500', replace: 'batch: 1' },
    { file: senders, find: 'const crowd = 250;', replace: 'const crowd = 0;' },
  ]);
  try {
    return await work(build);
  } finally {
    await build.remove();
  }
}

export interface Scene {
  server: Server;
  load: Load;
  people: LoadPerson[];
}

export interface Measured<T> {
  result: T;
  time: ProcessorTime;
  seconds: number;
  profile?: ProfileEntry[];
}

/** Entries of a profile that are told. */
const told = 15;

/** A server and a load process, for the time of the work. */
export async function onStage<T>(
  { installation, options }: Stage,
  count: number,
  start: StartOptions,
  work: (scene: Scene) => Promise<T>,
): Promise<T> {
  const server = await installation.start({ ...start, inspected: start.inspected || options.profile });
  const load = new Load();
  try {
    return await work({ server, load, people: installation.people.slice(0, count) });
  } finally {
    await load.stop();
    await server.stop();
  }
}

/** Runs the measured part, and tells who used the processors meanwhile. */
export async function measured<T>(
  { options }: Stage,
  { server, load }: Scene,
  work: () => Promise<T>,
): Promise<Measured<T>> {
  await server.database.settle();
  if (options.profile) await server.inspector.startProfile();
  const clock = new ProcessorClock(server.pid, load.pid);
  const from = performance.now();
  const result = await work();
  const seconds = (performance.now() - from) / 1000;
  const time = clock.since();
  return {
    result,
    time,
    seconds,
    ...(options.profile && { profile: await server.inspector.stopProfile(told) }),
  };
}

/** What others may use of the processors on a machine that counts as quiet. */
const quietCores = 0.2;

export function processorNote(what: string, { time, seconds }: Measured<unknown>): string {
  const cores = (used: number) => (used / seconds).toFixed(2);
  return (
    `Cores used during ${what}: server ${cores(time.server)}, PostgreSQL ${cores(time.postgres)}, ` +
    `load ${cores(time.load)}, others ${cores(time.others)}.` +
    (time.others / seconds > quietCores ? ' THE MACHINE WAS BUSY WITH OTHER WORK.' : '')
  );
}
