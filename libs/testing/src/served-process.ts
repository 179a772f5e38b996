import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programOf } from '#platform';
import { compiled } from './command-line.js';
import type { VariedBuild } from './varied-build.js';

export type AppName = 'suite' | 'directory' | 'messaging' | 'files' | 'admin' | 'demo-directory';

export type Environment = Record<string, string>;

/** One process of the product, started from its build as in earnest, and ended in whatever way a test wants. */
export class ServedProcess {
  private child: ChildProcess | undefined;
  private readonly output: string;

  constructor(
    private readonly app: AppName,
    private readonly environment: Environment,
    folder: string,
    /** Tells it from others of the same app. */
    readonly name: string,
    /** Started in place of the product's own. */
    private readonly build?: VariedBuild,
  ) {
    this.output = join(folder, `${name}.out`);
  }

  /** Resolves with what the process says when it serves. Throws with its last words when it ends before. */
  async start<Ready = unknown>(): Promise<Ready> {
    const output = openSync(this.output, 'a');
    const program = this.build?.programOf(this.app) ?? programOf(this.app);
    // As the product is started.
    const child = spawn(process.execPath, ['--max-semi-space-size=64', program], {
      env: {
        PATH: process.env['PATH'],
        ...compiled,
        ...this.environment,
      },
      stdio: ['ignore', output, output, 'ipc'],
    });
    closeSync(output);
    this.child = child;
    return new Promise<Ready>((resolve, reject) => {
      const onEarlyEnd = () => reject(new Error(`${this.app} ended: ${this.lastWords()}`));
      child.once('exit', onEarlyEnd);
      child.once('message', (message) => {
        child.off('exit', onEarlyEnd);
        resolve(message as Ready);
      });
    });
  }

  /** Where this process alone is reached, past any proxy. */
  get address(): string {
    return `http://127.0.0.1:${this.environment['PORT']}`;
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** @returns the exit code; null where a signal ended it */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return ended;
  }

  lastWords(): string {
    return readFileSync(this.output, 'utf8').slice(-4000);
  }
}
