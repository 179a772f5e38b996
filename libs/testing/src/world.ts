import { randomInt } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Attribute, Change, Client as LdapClient } from 'ldapts';
import type { AdministratorRole } from '#contracts';
import { Http, Session } from '#client';
import type { BindRelay } from './bind-relay.js';
import { Employee, type Account } from './person.js';
import { Nginx } from './nginx.js';
import { TestProxy } from './proxy.js';
import { ServedProcess, type Environment } from './served-process.js';
import { makeTestDatabase, type TestDatabase } from './test-database.store.js';
import type { VariedBuild } from './varied-build.js';

/** plain: a proxy that does not know of WebSockets stands before everything; nginx: a real one, where NGINX names it. */
export type Network = 'open' | 'plain' | 'nginx';

/** one: the suite. several: every app a process, two of them for messaging, behind one origin. */
export type Topology = 'one' | 'several';

export interface WorldOptions {
  topology?: Topology;
  network?: Network;
  /** The suite brings its own PostgreSQL, so that everything can be killed. */
  ownPostgres?: boolean;
  /** Everything is kept in this folder; in one of its own where it is absent. */
  data?: string;
  settings?: Environment;
  metrics?: boolean;
  /** Settings of one process alone, by its name, such as `messaging-1`. */
  settingsOf?: (name: string) => Environment;
  /** A build that differs from the product's own. */
  build?: VariedBuild;
  /** Stands between the product and its directory; with several processes only. */
  bindRelay?: BindRelay;
}

interface DemoReady {
  url: string;
  baseDn: string;
  bindDn: string;
  bindPassword: string;
}

const people = '60';

/** An installation of the product with its people, made for one test file. */
export class World {
  private readonly processes: ServedProcess[] = [];
  private readonly employees: Employee[] = [];
  private proxy: TestProxy | undefined;
  private front: { port: number; close(): Promise<void> } | undefined;
  private demo: ServedProcess | undefined;
  private demoReady: DemoReady | undefined;
  private readonly metricsPorts: number[] = [];
  private taken = 0;

  private constructor(
    /** Everything the installation keeps on disk. */
    readonly data: string,
    readonly port: number,
    readonly database: TestDatabase | undefined,
    private readonly settings: Environment,
    private readonly parts: Pick<WorldOptions, 'build' | 'settingsOf' | 'bindRelay'>,
  ) {}

  static async start({
    topology = 'one',
    network = 'open',
    ownPostgres = false,
    data: given,
    settings = {},
    metrics = false,
    build,
    settingsOf,
    bindRelay,
  }: WorldOptions = {}): Promise<World> {
    const data = given ?? (await mkdtemp(join(tmpdir(), 'chancery-world-')));
    await mkdir(data, { recursive: true, mode: 0o700 });
    const database = ownPostgres ? undefined : await makeTestDatabase();
    const environment = {
      CHANCERY_DATA: data,
      CHANCERY_DEMO_PEOPLE: people,
      LOG_LEVEL: 'warn',
      LOG_TO: 'terminal',
      ...(database && { DATABASE_URL: database.url }),
      ...settings,
    };
    const world = new World(data, await freePort(), database, environment, { build, settingsOf, bindRelay });
    try {
      if (metrics) world.metricsPorts.push(...(await Promise.all(Array.from({ length: 5 }, freePort))));
      if (topology === 'one') await world.startSuite();
      else await world.startApps();
      if (network !== 'open') await world.standBehind(network);
      return world;
    } catch (error) {
      await world.stop();
      throw error;
    }
  }

  get address(): string {
    return `http://127.0.0.1:${this.front?.port ?? this.port}`;
  }

  /** The process of the suite; with several, the first one of messaging. */
  get main(): ServedProcess {
    return this.processes[0]!;
  }

  /** Every process of the product. */
  get all(): readonly ServedProcess[] {
    return this.processes;
  }

  /** Those that hold live connections. */
  get messaging(): readonly ServedProcess[] {
    return this.processes.filter(({ name }) => /^(suite|messaging)-/.test(name));
  }

  /** Base of the directory of the customer; with several processes only. */
  get baseDn(): string {
    return this.demoReady!.baseDn;
  }

  async accounts(): Promise<Account[]> {
    return JSON.parse(await readFile(join(this.data, 'demo-accounts.json'), 'utf8')) as Account[];
  }

  /** An employee whom nothing else uses, and the administrators, wherever their passwords come from. */
  async ofEachRole(): Promise<Account[]> {
    const employees = (await this.accounts()).filter(({ role }) => role === 'employee');
    return [...employees.slice(-1), ...(await this.administrators())];
  }

  /** What a gauge or counter says, all processes together; only in worlds that were started with metrics. */
  async metric(name: string): Promise<number> {
    const form = new RegExp(`^${name}(?:\\{.*\\})? (.+)$`, 'm');
    const values = this.metricsPorts.slice(0, this.processes.length).map(async (port) => {
      const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return Number(form.exec(page)?.[1] ?? 0);
    });
    return (await Promise.all(values)).reduce((sum, value) => sum + value, 0);
  }

  /** Employees who were not taken before, each signed in on one device. */
  async signIn(count: number): Promise<Employee[]> {
    const accounts = (await this.accounts()).filter(({ role }) => role === 'employee');
    const taken = accounts.slice(this.taken, (this.taken += count));
    const employees = taken.map((account) => new Employee(account, this.address));
    this.employees.push(...employees);
    await Promise.all(employees.map((employee) => employee.signsIn()));
    return employees;
  }

  /** The API as an administrator uses it. */
  async administrator(role: AdministratorRole): Promise<Http> {
    const account = (await this.administrators()).find((one) => one.role === role)!;
    const http = new Http(this.address);
    const session = new Session(http, { platform: 'node' }, () => {});
    await session.signIn({ ...account, deviceName: 'test' });
    http.proveBy(async () => {
      await http.call('prove', { body: { proof: { kind: 'password', password: account.password } } });
      return true;
    });
    return http;
  }

  /**
   * Ends everything at once and starts it again on what is left.
   * @param between what happens while nothing runs
   */
  async killAndRestart(between?: () => Promise<void>): Promise<void> {
    await Promise.all(this.processes.map((process) => process.end('SIGKILL')));
    await between?.();
    for (const process of this.processes) await process.start();
  }

  /** Changes an entry of a person in the directory server itself; with several processes only. */
  async changeEntry(username: string, attribute: string, values: string[]): Promise<void> {
    const { url, baseDn, bindDn, bindPassword } = this.demoReady!;
    const client = new LdapClient({ url });
    try {
      await client.bind(bindDn, bindPassword);
      const modification = new Attribute({ type: attribute, values });
      await client.modify(
        `uid=${username},ou=people,${baseDn}`,
        new Change({ operation: 'replace', modification }),
      );
    } finally {
      await client.unbind();
    }
  }

  /** The directory server of the customer goes away; with several processes only. */
  async endDirectory(): Promise<void> {
    await this.demo?.end('SIGKILL');
  }

  async stop(): Promise<void> {
    for (const employee of this.employees) employee.close();
    await this.front?.close();
    await this.proxy?.close();
    await Promise.all(this.processes.map((process) => process.end()));
    await this.parts.bindRelay?.close();
    await this.demo?.end();
    await this.database?.drop();
    await rm(this.data, { recursive: true, force: true });
  }

  private async administrators(): Promise<Account[]> {
    const chosen = await this.accounts();
    const drawn = await readFile(join(this.data, 'first-administrators.json'), 'utf8').catch(() => '[]');
    return [...(JSON.parse(drawn) as Account[]), ...chosen].filter(({ role }) => role !== 'employee');
  }

  private async startSuite(): Promise<void> {
    await this.add('suite', this.port).start();
  }

  private async startApps(): Promise<void> {
    this.demo = new ServedProcess(
      'demo-directory',
      { ...this.settings, CHANCERY_DEMO_WRITABLE: '1' },
      this.data,
      'demo-directory',
    );
    this.demoReady = await this.demo.start<DemoReady>();
    const { url, baseDn, bindDn, bindPassword } = this.demoReady;
    Object.assign(this.settings, {
      LDAP_URL: (await this.parts.bindRelay?.start(url)) ?? url,
      LDAP_BASE_DN: baseDn,
      LDAP_BIND_DN: bindDn,
      LDAP_BIND_PASSWORD: bindPassword,
    });
    const ports = await Promise.all(Array.from({ length: 5 }, freePort));
    const [messaging, messagingToo, directory, files, admin] = ports as [
      number,
      number,
      number,
      number,
      number,
    ];
    await Promise.all([
      this.add('messaging', messaging).start(),
      this.add('messaging', messagingToo).start(),
      this.add('directory', directory).start(),
      this.add('files', files).start(),
      this.add('admin', admin).start(),
    ]);
    this.proxy = new TestProxy({
      directory: [directory],
      messaging: [messaging, messagingToo],
      files: [files],
      admin: [admin],
    });
    await this.proxy.listen(this.port);
  }

  private async standBehind(network: Exclude<Network, 'open'>): Promise<void> {
    const port = await freePort();
    if (network === 'nginx') {
      this.front = await Nginx.start(port, this.port);
      return;
    }
    const proxy = TestProxy.before(this.port, false);
    await proxy.listen(port);
    this.front = { port, close: () => proxy.close() };
  }

  private add(app: 'suite' | 'directory' | 'messaging' | 'files' | 'admin', port: number): ServedProcess {
    const name = `${app}-${this.processes.length}`;
    const metricsPort = this.metricsPorts[this.processes.length];
    const { build, settingsOf } = this.parts;
    const environment = {
      ...this.settings,
      ...settingsOf?.(name),
      PORT: String(port),
      ...(metricsPort !== undefined && { METRICS_PORT: String(metricsPort) }),
    };
    const process = new ServedProcess(app, environment, this.data, name, build);
    this.processes.push(process);
    return process;
  }
}

/** Below the ports that the system gives to outgoing connections, so that none of these takes it meanwhile. */
const testPorts = { from: 10_240, to: 32_768 };

/** A port of 127.0.0.1 that nobody uses at this moment. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(testPorts.from, testPorts.to);
    if (await isFree(port)) return port;
  }
  throw new Error('no free port was found');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
