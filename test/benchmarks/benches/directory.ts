import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Attribute, Change } from 'ldapts';
import type { SignedIn } from '#contracts';
import { eventually, freePort, SlapdServer } from '#testing';
import type { Bench, Figure, Outcome, Stage } from '../bench.js';
import { Installation, type Server } from '../installation.js';
import type { SyncFact } from '../installation.store.js';
import type { LoadPerson } from '../load/device.js';
import { ProcessorClock } from '../machine.js';
import { ministryPassword, personDn, writeMinistry, type Ministry } from '../seeds/ministry.js';
import { Timings } from '../timings.js';

const wholePeople = 100_000;
const peopleOfDepartment = 5;
const changed = 1000;
const quietRuns = 5;
const patienceMs = 300_000;
/** So often it is synchronised, and nothing is asked of anybody for it. */
const everySeconds = 10;
const searches = [
  '王',
  '张',
  '伟',
  'z',
  'wang',
  'zhangwei',
  'zw',
  'wm',
  '王芳',
  'u4999',
  '139000047',
  '100047',
  '欧阳',
  'ouyang',
  '李伟 处',
];
const rounds = 10;
const pages = 100;

export const directory: Bench = {
  name: 'directory',
  about:
    'a slapd of 100,000 people and 20,000 departments: reading it for the first time, without and with changes',
  people: 1,
  run: async (stage) => {
    if (!SlapdServer.isAtHand) throw new Error('this needs slapd: install it, or name its program in SLAPD');
    const people = stage.options.people ?? wholePeople;
    const ministry = { people, departments: people / peopleOfDepartment };
    const slapd = new SlapdServer(await freePort());
    const installation = await Installation.blank();
    try {
      stage.tell('filling slapd');
      const file = join(installation.folder, 'ministry.ldif');
      await slapd.start();
      await slapd.end();
      await writeMinistry(file, slapd.baseDn, ministry);
      await slapd.loadFile(file);
      await slapd.start();
      return await measure(stage, { installation, slapd, ministry });
    } finally {
      await installation.remove();
      await slapd.close();
    }
  },
};

interface Scene {
  installation: Installation;
  slapd: SlapdServer;
  ministry: Ministry;
}

async function measure({ tell }: Stage, { installation, slapd, ministry }: Scene): Promise<Outcome> {
  const settings = {
    LDAP_URL: slapd.url,
    LDAP_BASE_DN: `ou=ministry,${slapd.baseDn}`,
    LDAP_BIND_DN: slapd.account.dn,
    LDAP_BIND_PASSWORD: slapd.account.password,
    LDAP_SYNC_SECONDS: String(everySeconds),
    LDAP_LOOK_SECONDS: '0',
    LDAP_TIMEOUT_MS: '10000',
  };
  tell('reading everything for the first time');
  const server = await installation.start({ settings });
  try {
    const clock = new ProcessorClock(server.pid, process.pid);
    const from = performance.now();
    const first = await finished(server, () => true);
    await requireWhole(server, ministry);
    const memory = await peak(server);
    tell(`runs without changes`);
    const others = clock.since().others / ((performance.now() - from) / 1000);
    const quiet = await quietTimes(server);
    tell(`${changed} changes`);
    const change = await changes(server, slapd, ministry);
    const later = await peak(server);
    tell('people and departments over HTTP');
    const answers = await ask(server);
    return {
      figures: [...syncFigures({ first, quiet, change }), ...memoryFigures(memory, later), ...answers],
      notes: [
        `The first run read for ${first.readMs} ms and applied for ${first.applyMs} ms, the one with changes ${change.readMs} and ${change.applyMs}.`,
        `Others used ${others.toFixed(2)} cores from the first run on, slapd included.`,
      ],
    };
  } finally {
    await server.stop();
  }
}

interface Runs {
  first: SyncFact;
  quiet: SyncFact[];
  change: SyncFact;
}

function syncFigures({ first, quiet, change }: Runs): Figure[] {
  const median = quiet.map(({ seconds }) => seconds).toSorted((a, b) => a - b)[quiet.length >> 1]!;
  const isLess = true;
  return [
    { name: 'first synchronisation', value: first.seconds, unit: 's', must: 60, aim: 30, isLess },
    { name: `without changes, median of ${quiet.length}`, value: median, unit: 's', must: 3, aim: 2, isLess },
    { name: `${changed} changes`, value: change.seconds, unit: 's', must: 5, isLess },
  ];
}

const memoryFigures = (first: number, later: number): Figure[] => [
  { name: 'most memory of the process, first run', value: first, unit: 'MiB', must: 300, isLess: true },
  { name: 'most memory of the process, later runs', value: later, unit: 'MiB', must: 300, isLess: true },
];

/** The latest run that is over and is not among those known. */
function finished(
  server: Server,
  isWanted: (run: SyncFact) => boolean,
  known: readonly string[] = [],
): Promise<SyncFact> {
  const look = async () =>
    (await server.database.runs()).find((run) => !known.includes(run.id) && isWanted(run));
  return eventually('the directory was read', async () => requireDone(await look()), patienceMs);
}

function requireDone(run: SyncFact | undefined): SyncFact | undefined {
  if (run && run.state !== 'done') throw new Error(`a synchronisation is ${run.state}: ${run.failure}`);
  return run;
}

async function requireWhole(server: Server, ministry: Ministry): Promise<void> {
  const { people, departments } = await server.database.directoryCounts();
  if (people !== ministry.people || departments !== ministry.departments) {
    throw new Error(`${people} people and ${departments} departments were taken over`);
  }
}

async function quietTimes(server: Server): Promise<SyncFact[]> {
  const known = (await server.database.runs()).map(({ id }) => id);
  const quiet: SyncFact[] = [];
  while (quiet.length < quietRuns) {
    const run = await finished(server, () => true, known);
    if (run.changes > 0) throw new Error(`a run without changes made ${run.changes}`);
    known.push(run.id);
    quiet.push(run);
  }
  return quiet;
}

/** Made while no run is under way, so that one run finds them all. */
async function changes(server: Server, slapd: SlapdServer, ministry: Ministry): Promise<SyncFact> {
  const known = (await server.database.runs()).map(({ id }) => id);
  known.push((await finished(server, () => true, known)).id);
  await slapd.asAdministrator(async (client) => {
    for (let n = 0; n < changed; n += 1) {
      const modification = new Attribute({ type: 'title', values: [`changed ${n}`] });
      const dn = personDn((n * 97) % ministry.people, slapd.baseDn, ministry.departments);
      await client.modify(dn, new Change({ operation: 'replace', modification }));
    }
  });
  const run = await finished(server, (one) => one.changes > 0, known);
  if (run.changes !== changed) throw new Error(`a run found ${run.changes} of ${changed} changes`);
  return run;
}

async function ask(server: Server): Promise<Figure[]> {
  const person = await signIn(server);
  await server.database.settle();
  const found = new Timings();
  for (let round = 0; round < rounds; round += 1) {
    for (const q of searches) {
      await found.time(() =>
        server.call(person, 'GET', `/directory/people?limit=20&q=${encodeURIComponent(q)}`),
      );
    }
  }
  const tree = new Timings();
  for (const parent of await server.database.branches(pages)) {
    await tree.time(() => server.call(person, 'GET', `/directory/departments?limit=50&parent=${parent}`));
  }
  return [...judgedByP95(found, 'people search', 20), ...judgedByP95(tree, 'page of the tree')];
}

async function signIn({ port }: Server): Promise<LoadPerson> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      username: 'u0',
      password: ministryPassword,
      device: { name: 'bench', platform: 'node' },
    }),
  });
  if (!response.ok) throw new Error(`nobody could sign in: ${response.status} ${await response.text()}`);
  const { accessToken, user } = (await response.json()) as SignedIn;
  return { id: user.id, token: accessToken };
}

const judgedByP95 = (timings: Timings, name: string, aim?: number): Figure[] =>
  timings
    .figures(name)
    .map((figure) =>
      figure.name.includes('p95')
        ? { ...figure, must: 50, isLess: true, ...(aim !== undefined && { aim }) }
        : figure,
    );

/** The most that was resident since the last look, in MiB. */
async function peak({ pid }: Server): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  await writeFile(`/proc/${pid}/clear_refs`, '5');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
