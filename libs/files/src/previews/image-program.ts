import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { installationFolder } from '#platform';
import type { ImageOutcome, ImageTask } from './image-worker.js';

/** A file of its own, whatever else is packed into one. */
const program = join(installationFolder, 'dist/libs/files/src/previews/image-worker.js');
/** It keeps its own time too; this is for one that does not come to that. */
const graceMs = 5000;
/** Without work it ends, and with it the memory that images took. */
const restMs = 30_000;
/** What fell out of use may stay in its memory; after so many images it begins anew. */
const mostTasks = 500;

/** The process that opens images. It knows nothing of this installation, and dies when it takes too long. */
export class ImageProgram {
  private child: ChildProcess | undefined;
  private tasks = 0;
  private resting: NodeJS.Timeout | undefined;

  /** One at a time. Throws where the program died of it or was killed. */
  async draw(task: ImageTask): Promise<ImageOutcome> {
    clearTimeout(this.resting);
    const child = this.running();
    const patience = setTimeout(
      () => child.kill('SIGKILL'),
      task.seconds * 1000 * task.edges.length + graceMs,
    );
    try {
      const answered = once(child, 'message') as Promise<[ImageOutcome]>;
      const ended = once(child, 'exit').then(([code, signal]) => {
        throw new Error(`the program that opens images ended with ${code ?? signal}`);
      });
      ended.catch(() => {});
      child.send(task);
      const [outcome] = await Promise.race([answered, ended]);
      return outcome;
    } finally {
      clearTimeout(patience);
      this.resting = setTimeout(() => this.end(), restMs).unref();
    }
  }

  end(): void {
    clearTimeout(this.resting);
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }

  private running(): ChildProcess {
    if ((this.tasks += 1) % mostTasks === 0) this.end();
    if (this.child?.connected) return this.child;
    const child = fork(program, {
      // None of the settings, which name keys and passwords.
      env: {},
      cwd: '/',
      execArgv: ['--max-old-space-size=128'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('error', () => {});
    child.unref();
    child.channel?.unref();
    this.child = child;
    return child;
  }
}
