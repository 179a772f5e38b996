import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'ldapts';
import { eventually } from './eventually.js';

const run = promisify(execFile);

const base = 'dc=test';
/** Its search limits are those of a server as Debian installs it: whoever reads more than 500 entries pages. */
const schemas = ['core', 'cosine', 'inetorgperson', 'nis'];
const schemaFolder = '/etc/ldap/schema';

/** A real slapd, the program that SLAPD names, with its data in a folder of its own. */
export class SlapdServer {
  readonly baseDn = base;
  /** May do everything. */
  readonly administrator = { dn: `cn=admin,${base}`, password: 'admin' };
  /** Reads, as long as it may. */
  readonly account = { dn: `cn=sync,${base}`, password: 'sync' };
  private child: ChildProcess | undefined;
  private folder = '';
  private mayRead = true;

  readonly url: string;

  constructor(readonly port: number) {
    this.url = `ldap://127.0.0.1:${port}`;
  }

  /** Whether the program is at hand. */
  static get isAtHand(): boolean {
    return Boolean(process.env['SLAPD']);
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  async start(): Promise<void> {
    if (this.folder === '') {
      await this.prepare();
      await this.load(firstEntries(this.account));
    }
    await this.writeSettings();
    const said: Buffer[] = [];
    this.child = spawn(program(), ['-f', this.settingsFile, '-h', this.url, '-d', '0'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child.stderr!.on('data', (text: Buffer) => said.push(text));
    await eventually('slapd answers', () => this.answers()).catch((error: unknown) => {
      throw new Error(`slapd does not start: ${Buffer.concat(said).toString()}`, { cause: error });
    });
  }

  /** Before the first start, or between two: entries in LDIF, as quickly as they can be had. */
  async load(ldif: string): Promise<void> {
    if (this.folder === '') await this.prepare();
    const file = join(this.folder, 'load.ldif');
    await writeFile(file, ldif);
    await this.loadFile(file);
  }

  async loadFile(file: string): Promise<void> {
    if (this.folder === '') await this.prepare();
    await this.writeSettings();
    // The program is slapd by another name, which some packages leave out.
    await run(program(), ['-T', 'add', '-q', '-f', this.settingsFile, '-l', file]);
  }

  /** As when an administrator of the directory takes the right to read: searches succeed and find nothing. */
  async allowReading(mayRead: boolean): Promise<void> {
    this.mayRead = mayRead;
    await this.end();
    await this.start();
  }

  async asAdministrator<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ url: this.url, strictDN: false });
    try {
      await client.bind(this.administrator.dn, this.administrator.password);
      return await work(client);
    } finally {
      await client.unbind();
    }
  }

  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async close(): Promise<void> {
    await this.end();
    if (this.folder !== '') await rm(this.folder, { recursive: true, force: true });
  }

  private get settingsFile(): string {
    return join(this.folder, 'slapd.conf');
  }

  private async prepare(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'chancery-slapd-'));
    await mkdir(join(this.folder, 'data'));
  }

  private async writeSettings(): Promise<void> {
    const module = await moduleFolder();
    const settings = [
      ...schemas.map((name) => `include ${join(schemaFolder, `${name}.schema`)}`),
      ...ownAttributes,
      ...(module ? [`modulepath ${module}`, 'moduleload back_mdb', 'moduleload syncprov'] : []),
      `pidfile ${join(this.folder, 'slapd.pid')}`,
      'sizelimit size.soft=500 size.hard=500 size.pr=1000 size.prtotal=unlimited',
      'threads 4',
      'database mdb',
      `directory ${join(this.folder, 'data')}`,
      'maxsize 2147483648',
      'dbnosync',
      `suffix "${base}"`,
      `rootdn "${this.administrator.dn}"`,
      `rootpw ${this.administrator.password}`,
      'index objectClass,entryUUID,entryCSN,modifyTimestamp,uid eq',
      'access to attrs=userPassword by anonymous auth by * none',
      `access to dn.base="${base}" by users read`,
      `access to * by dn.exact="${this.account.dn}" ${this.mayRead ? 'read' : 'none'} by anonymous auth`,
      'overlay syncprov',
    ];
    await writeFile(this.settingsFile, `${settings.join('\n')}\n`);
  }

  private async answers(): Promise<boolean> {
    const client = new Client({ url: this.url, connectTimeout: 1000 });
    try {
      await client.bind('', '');
      return true;
    } catch {
      // It does not listen yet.
      return false;
    } finally {
      await client.unbind().catch(() => {});
    }
  }
}

function program(): string {
  const found = process.env['SLAPD'];
  if (!found) throw new Error('SLAPD does not name a program');
  return found;
}

/** Where Debian keeps what slapd loads; other builds have it inside. */
async function moduleFolder(): Promise<string | undefined> {
  const folder = join(dirname(dirname(program())), 'lib', 'ldap');
  return access(folder).then(
    () => folder,
    () => undefined,
  );
}

const firstEntries = ({ dn, password }: { dn: string; password: string }) => `dn: ${base}
objectClass: domain
dc: test

dn: ${dn}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: sync
userPassword: ${password}
`;

/** What the product's own settings read, and no standard schema has. */
const ownAttributes = [
  "attributetype ( 1.3.6.1.4.1.99999.1.1 NAME 'chanceryRank' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )",
  "attributetype ( 1.3.6.1.4.1.99999.1.2 NAME 'chanceryOrder' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )",
  "attributetype ( 1.3.6.1.4.1.99999.1.3 NAME 'chanceryPost' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
  "attributetype ( 1.3.6.1.4.1.99999.1.4 NAME 'nsAccountLock' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )",
  "objectclass ( 1.3.6.1.4.1.99999.2.1 NAME 'chanceryEntry' AUXILIARY MAY ( chanceryRank $ chanceryOrder $ chanceryPost $ nsAccountLock ) )",
];
