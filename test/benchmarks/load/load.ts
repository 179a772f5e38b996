import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { JobAnswer, JobInput, JobName } from './jobs.js';

interface Reply {
  id: number;
  answer?: unknown;
  fault?: string;
}

/** A process full of devices. */
export class Load {
  private readonly child: ChildProcess = fork(join(import.meta.dirname, 'worker.ts'));
  private readonly waiting = new Map<
    number,
    { resolve: (answer: never) => void; reject: (e: Error) => void }
  >();
  private nextId = 0;

  constructor() {
    this.child.on('message', ({ id, answer, fault }: Reply) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (fault === undefined) waiting?.resolve(answer as never);
      else waiting?.reject(new Error(fault));
    });
    this.child.once('exit', (code) => {
      for (const { reject } of this.waiting.values()) reject(new Error(`a load process ended with ${code}`));
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Throws where the job finds that a promise was broken. */
  do<N extends JobName>(
    name: N,
    ...[input]: JobInput<N> extends undefined ? [] : [JobInput<N>]
  ): Promise<JobAnswer<N>> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, name, input });
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.disconnect();
    await ended;
  }
}
