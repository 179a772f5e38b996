import { spawn, type ChildProcess } from 'node:child_process';
import { createConnection } from 'node:net';
import { eventually } from './eventually.js';

/** A real NATS server, the program that NATS_SERVER names. */
export class NatsServer {
  private child: ChildProcess | undefined;

  constructor(private readonly port: number) {}

  /** Whether the program is at hand. */
  static get isAtHand(): boolean {
    return Boolean(process.env['NATS_SERVER']);
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  async start(): Promise<void> {
    this.child = spawn(process.env['NATS_SERVER']!, ['--addr', '127.0.0.1', '--port', String(this.port)], {
      stdio: 'ignore',
    });
    await eventually('the NATS server listens', () => this.isListening());
  }

  async end(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  private isListening(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = createConnection(this.port, '127.0.0.1');
      const answer = (is: boolean) => () => {
        socket.destroy();
        resolve(is);
      };
      socket.once('connect', answer(true)).once('error', answer(false));
    });
  }
}
