import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';

/** The harmless text that scanners take for harm (eicar.org), in two halves so that none of them finds this file. */
export const eicar = [
  String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}`,
  '$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*',
].join('');

/** A real clamd, the program that CLAMD names, with signatures of its own. */
export class ClamdServer {
  private child: ChildProcess | undefined;
  private folder = '';

  constructor(readonly port: number) {}

  /** Whether the program is at hand. */
  static get isAtHand(): boolean {
    return Boolean(process.env['CLAMD']);
  }

  async start(): Promise<void> {
    if (this.folder === '') await this.prepare();
    const said: Buffer[] = [];
    this.child = spawn(process.env['CLAMD']!, ['--config-file', join(this.folder, 'clamd.conf')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (text: Buffer) => said.push(text));
    await eventually('clamd listens', () => this.isListening()).catch((error: unknown) => {
      throw new Error(`clamd does not start: ${Buffer.concat(said).toString()}`, { cause: error });
    });
  }

  /** From the next start on it finds this text too. */
  async learn(name: string, text: string): Promise<void> {
    if (this.folder === '') await this.prepare();
    const line = `${name}:0:*:${Buffer.from(text).toString('hex')}\n`;
    await writeFile(join(this.folder, `${name}.ndb`), line);
  }

  async end(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async close(): Promise<void> {
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async prepare(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'chancery-clamd-'));
    // It may give up the rights of root, and must still read its signatures.
    await chmod(this.folder, 0o755);
    const settings = [
      'Foreground yes',
      `TCPSocket ${this.port}`,
      'TCPAddr 127.0.0.1',
      `DatabaseDirectory ${this.folder}`,
      `TemporaryDirectory ${tmpdir()}`,
      'StreamMaxLength 10M',
    ];
    await writeFile(join(this.folder, 'clamd.conf'), `${settings.join('\n')}\n`);
    await this.learn('Eicar-Test-Signature', eicar);
  }

  private isListening(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1');
      const answer = (is: boolean) => () => {
        socket.destroy();
        resolve(is);
      };
      socket.once('connect', answer(true)).once('error', answer(false));
    });
  }
}
