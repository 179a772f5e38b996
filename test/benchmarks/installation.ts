import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chancerySays, eventually, freePort, ServedProcess, type VariedBuild } from '#testing';
import { InstallationDatabase } from './installation.store.js';
import { Inspector } from './inspector.js';
import type { LoadPerson } from './load/device.js';

const syncPatienceMs = 300_000;

export interface StartOptions {
  build?: VariedBuild | undefined;
  settings?: Record<string, string>;
  /** Opens the inspector: for profiles, and for memory without what could be collected. */
  inspected?: boolean;
}

/** A data folder with people in it, on which the benchmarks of a run start their servers one after the other. */
export class Installation {
  people: LoadPerson[] = [];
  /** What went wrong beside the measurements. */
  readonly complaints: string[] = [];
  private static readonly all = new Set<Installation>();
  private readonly servers = new Set<ServedProcess>();
  private readonly made = new Map<string, Promise<unknown>>();
  facts: { version: string; fsync: string; synchronous: string };

  private constructor(
    readonly folder: string,
    private readonly count: number,
  ) {}

  /** A data folder with nothing in it; its servers are told where their directory is. */
  static async blank(): Promise<Installation> {
    const installation = new Installation(await mkdtemp(join(tmpdir(), 'chancery-bench-')), 1);
    Installation.all.add(installation);
    return installation;
  }

  /** Sets up a demo of so many people, each with the token of a session. */
  static async make(count: number): Promise<Installation> {
    const installation = new Installation(await mkdtemp(join(tmpdir(), 'chancery-bench-')), count);
    Installation.all.add(installation);
    try {
      const server = await installation.start();
      await eventually(
        'the directory is read',
        () => server.database.isDirectoryRead(installation.directorySize),
        syncPatienceMs,
      );
      installation.facts = await server.database.facts();
      installation.people = await installation.issueTokens(server.database);
      await server.stop();
      return installation;
    } catch (error) {
      await installation.remove();
      throw error;
    }
  }

  /** A few people of the demo have left, and they get no session. */
  private get directorySize(): number {
    return Math.ceil(this.count * 1.05) + 20;
  }

  /** The whole suite as one process, with its own PostgreSQL on disk. */
  async start({ build, settings = {}, inspected = false }: StartOptions = {}): Promise<Server> {
    const port = await freePort();
    const inspectPort = inspected ? await freePort() : undefined;
    const environment = {
      CHANCERY_DATA: this.folder,
      CHANCERY_DEMO_PEOPLE: String(this.directorySize),
      CHANCERY_LOADTEST: '1',
      LDAP_SYNC_SECONDS: '86400',
      LOG_LEVEL: 'warn',
      LOG_TO: 'terminal',
      PORT: String(port),
      SENDS_PER_SECOND: '100000',
      ...(inspectPort && { NODE_OPTIONS: `--inspect=127.0.0.1:${inspectPort}` }),
      ...settings,
    };
    const process = new ServedProcess('suite', environment, this.folder, 'suite', build);
    this.servers.add(process);
    await process.start();
    const database = await InstallationDatabase.open(join(this.folder, 'postgres'));
    const inspector = inspectPort ? await Inspector.open(inspectPort) : undefined;
    return new Server(process, port, database, inspector, (what) => this.complaints.push(what));
  }

  /** Something that several benchmarks need on the disk, made for the first of them by a server that ends again. */
  once<T>(name: string, make: (server: Server) => Promise<T>): Promise<T> {
    const made = this.made.get(name) ?? this.makeOnce(make);
    this.made.set(name, made);
    return made as Promise<T>;
  }

  /** Ends what still runs on it, too. */
  async remove(): Promise<void> {
    await Promise.all([...this.servers].map((server) => server.end()));
    await rm(this.folder, { recursive: true, force: true });
    Installation.all.delete(this);
  }

  /** For a run that is interrupted. */
  static async removeAll(): Promise<void> {
    await Promise.all([...Installation.all].map((installation) => installation.remove()));
  }

  private async makeOnce<T>(make: (server: Server) => Promise<T>): Promise<T> {
    const server = await this.start();
    try {
      return await make(server);
    } finally {
      await server.stop();
    }
  }

  private async issueTokens(database: InstallationDatabase): Promise<LoadPerson[]> {
    const said = await chancerySays(['load-tokens', '--count', String(this.count)], {
      CHANCERY_DATA: this.folder,
      CHANCERY_LOADTEST: '1',
    });
    const tokens = said.trim().split('\n');
    if (tokens.length < this.count) throw new Error(`${tokens.length} tokens came in place of ${this.count}`);
    const ids = await database.peopleOf(tokens.map(sessionOf));
    return tokens.map((token, i) => ({ id: ids[i]!, token }));
  }
}

/** A token only names its session. */
function sessionOf(token: string): string {
  const claims = Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8');
  return (JSON.parse(claims) as { sid: string }).sid;
}

/** The suite while it serves. */
export class Server {
  constructor(
    private readonly process: ServedProcess,
    readonly port: number,
    readonly database: InstallationDatabase,
    private readonly maybeInspector: Inspector | undefined,
    private readonly complain: (what: string) => void,
  ) {}

  get pid(): number {
    return this.process.pid!;
  }

  get inspector(): Inspector {
    if (!this.maybeInspector) throw new Error('the server was started without its inspector');
    return this.maybeInspector;
  }

  /** Throws the refusal. */
  async call<T>(person: LoadPerson, method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${this.port}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer.slice(0, 500)}`);
    return (answer ? JSON.parse(answer) : undefined) as T;
  }

  async stop(): Promise<void> {
    this.maybeInspector?.close();
    await this.database.close();
    const code = await this.process.end();
    if (code !== 0) this.complain(`A server did not end in order, but with ${code}.`);
  }
}
