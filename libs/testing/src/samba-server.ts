import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Attribute, Change, Client } from 'ldapts';
import { installationFolder } from '#platform';
import { eventually } from './eventually.js';

const run = promisify(execFile);

const realm = 'EX.TEST';
const base = 'DC=ex,DC=test';
const password = 'Chancery.2026';
const startMs = 60_000;

/**
 * A real domain controller of Active Directory: Samba, the program that SAMBA names. It insists on its ports, so each one
 * has an address of the loopback for itself. Needs root.
 */
export class SambaServer {
  readonly baseDn = base;
  /** Name in its certificate. */
  readonly serverName = 'DC1.ex.test';
  readonly port = 389;
  readonly securePort = 636;
  readonly address = `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(2, 255)}`;
  readonly url = `ldap://${this.address}`;
  /** May do everything. */
  readonly administrator = { dn: `CN=Administrator,CN=Users,${base}`, password };
  /** Reads what every user may read. */
  readonly account = { dn: `CN=sync,CN=Users,${base}`, password };
  /** Whoever signed its certificate. */
  authorities = '';
  private child: ChildProcess | undefined;
  private folder = '';
  /** Of the domain, while they are others. */
  private rights: Buffer | undefined;

  /** Whether the program is at hand. */
  static get isAtHand(): boolean {
    return Boolean(process.env['SAMBA']);
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  async start(): Promise<void> {
    if (this.folder === '') {
      const template = await domainTemplate();
      this.folder = await mkdtemp(join(tmpdir(), 'chancery-samba-'));
      await cp(template, this.folder, { recursive: true });
    }
    await this.launch();
    this.authorities = await readFile(join(this.folder, 'private/tls/ca.pem'), 'utf8');
  }

  /** Samba's own administration, past LDAP. */
  async tool(...command: string[]): Promise<string> {
    const { stdout } = await run('samba-tool', [...command, '-s', join(this.folder, 'smb.conf')]);
    return stdout;
  }

  /** As when an administrator of the directory takes the right to read: searches succeed and find nothing. */
  async allowReading(mayRead: boolean): Promise<void> {
    if (mayRead) {
      const { rights } = this;
      if (rights) await this.asAdministrator((client) => client.modify(base, rightsOf(rights)));
      this.rights = undefined;
      return;
    }
    this.rights = await this.asAdministrator((client) => readRights(client));
    const rule = `(D;CI;RPLCLO;;;${await this.accountSid()})`;
    await this.tool('dsacl', 'set', `--objectdn=${base}`, `--sddl=${rule}`, '-H', this.dataFile);
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

  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
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

  /** Makes the domain that all others are copies of. @returns its folder */
  static async makeTemplate(): Promise<string> {
    const server = new SambaServer();
    server.folder = await mkdtemp(join(tmpdir(), 'chancery-samba-'));
    const { folder } = server;
    await run('samba-tool', provision(folder));
    await server.writeSettings();
    await server.tool('user', 'create', 'sync', password, '-H', server.dataFile);
    await server.tool('user', 'setexpiry', 'sync', '--noexpiry', '-H', server.dataFile);
    // It makes its certificate with its first start, which takes long.
    await server.launch();
    await server.end('SIGTERM');
    return folder;
  }

  private get dataFile(): string {
    return join(this.folder, 'private/sam.ldb');
  }

  private async launch(): Promise<void> {
    await this.writeSettings();
    const said: Buffer[] = [];
    this.child = spawn(
      process.env['SAMBA']!,
      ['-i', '-M', 'single', '--debug-stdout', '-s', join(this.folder, 'smb.conf')],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (text: Buffer) => void (said.length < 100 && said.push(text)));
    await eventually('Samba answers', () => this.answers(), startMs).catch((error: unknown) => {
      throw new Error(`Samba does not start: ${Buffer.concat(said).toString()}`, { cause: error });
    });
  }

  private async writeSettings(): Promise<void> {
    const { folder } = this;
    for (const name of ['run', 'ncalrpc', 'cache']) await mkdir(join(folder, name), { recursive: true });
    const settings = {
      workgroup: 'EX',
      realm,
      'netbios name': 'DC1',
      'server role': 'active directory domain controller',
      'server services': 'ldap',
      // The others listen at every address of the machine.
      interfaces: `${this.address}/8`,
      'bind interfaces only': 'yes',
      'private dir': join(folder, 'private'),
      'state directory': join(folder, 'state'),
      'cache directory': join(folder, 'cache'),
      'lock directory': folder,
      'pid directory': join(folder, 'run'),
      'ncalrpc dir': join(folder, 'ncalrpc'),
      'log file': join(folder, 'log'),
      'ldap server require strong auth': 'no',
    };
    const lines = Object.entries(settings).map(([name, value]) => `  ${name} = ${value}`);
    await writeFile(join(folder, 'smb.conf'), `[global]\n${lines.join('\n')}\n`);
  }

  private async answers(): Promise<boolean> {
    const { child, url } = this;
    if (child?.exitCode !== null) throw new Error(`it ended with ${child?.exitCode}`);
    const client = new Client({ url, connectTimeout: 1000, strictDN: false });
    try {
      await client.bind(this.administrator.dn, this.administrator.password);
      return true;
    } catch {
      // It does not listen yet.
      return false;
    } finally {
      await client.unbind().catch(() => {});
    }
  }

  private async accountSid(): Promise<string> {
    const said = await this.tool('user', 'show', 'sync', '--attributes=objectSid', '-H', this.dataFile);
    const sid = /^objectSid: (\S+)$/m.exec(said)?.[1];
    if (!sid) throw new Error(`the account has no identity: ${said}`);
    return sid;
  }
}

const securityDescriptor = 'nTSecurityDescriptor';

async function readRights(client: Client): Promise<Buffer> {
  const { searchEntries } = await client.search(base, {
    scope: 'base',
    attributes: [securityDescriptor],
    explicitBufferAttributes: [securityDescriptor],
  });
  return searchEntries[0]![securityDescriptor] as Buffer;
}

const rightsOf = (rights: Buffer) =>
  new Change({
    operation: 'replace',
    modification: new Attribute({ type: securityDescriptor, values: [rights] }),
  });

const provision = (folder: string) => [
  ...['domain', 'provision', '--server-role=dc', '--use-rfc2307', '--dns-backend=NONE', '--quiet'],
  ...[`--realm=${realm}`, '--domain=EX', `--adminpass=${password}`, '--host-name=dc1', '--host-ip=127.0.0.1'],
  ...[`--targetdir=${folder}`, '--option=interfaces=lo', '--option=bind interfaces only=yes'],
];

/**
 * A domain takes ten seconds to make and a twentieth of one to copy, so it is made once for an installation of the
 * packages. Of two runs that make it at once, one is used.
 */
async function domainTemplate(): Promise<string> {
  const { stdout } = await run(process.env['SAMBA']!, ['--version']);
  const version = stdout.trim().replaceAll(/[^\w.]+/g, '-');
  const cache = join(installationFolder, 'node_modules/.cache/chancery');
  const template = join(cache, `domain-1-${version}`);
  if (existsSync(template)) return template;
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const made = await SambaServer.makeTemplate();
  const beside = `${template}.${process.pid}`;
  // What cannot be copied is made anew with each start.
  const filter = async (path: string) => !(await stat(path)).isSocket();
  await cp(made, beside, { recursive: true, filter });
  await rm(made, { recursive: true, force: true });
  try {
    await rename(beside, template);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    if (!existsSync(template)) throw error;
  }
  return template;
}
