import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';

const startMs = 30_000;

/** A real MinIO, the program that MINIO names, with its data in a folder of its own. */
export class MinioServer {
  readonly accessKey = 'chancery';
  readonly secretKey = randomBytes(16).toString('hex');
  private child: ChildProcess | undefined;
  private folder = '';

  constructor(readonly port: number) {}

  /** Whether the program is at hand. */
  static get isAtHand(): boolean {
    return Boolean(process.env['MINIO']);
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.folder ||= await mkdtemp(join(tmpdir(), 'chancery-minio-'));
    this.child = spawn(
      process.env['MINIO']!,
      ['server', this.folder, '--address', `127.0.0.1:${this.port}`],
      {
        env: {
          HOME: this.folder,
          MINIO_ROOT_USER: this.accessKey,
          MINIO_ROOT_PASSWORD: this.secretKey,
          MINIO_BROWSER: 'off',
        },
        stdio: 'ignore',
      },
    );
    // Its health is well before it serves: strangers are refused once it does, and told to wait until then.
    const isReady = () =>
      fetch(this.endpoint).then(
        ({ status }) => status === 403,
        () => false,
      );
    await eventually('MinIO is ready', isReady, startMs);
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
}
