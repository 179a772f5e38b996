import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';

/** A real reverse proxy as many installations have one: nobody told it of WebSockets. */
export class Nginx {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static get isAtHand(): boolean {
    return Boolean(process.env['NGINX']);
  }

  /** Throws with its last words where it does not start. */
  static async start(port: number, upstream: number): Promise<Nginx> {
    const program = process.env['NGINX'];
    if (!program) throw new Error('NGINX does not name a program');
    const folder = await mkdtemp(join(tmpdir(), 'chancery-nginx-'));
    await writeFile(join(folder, 'nginx.conf'), configuration(folder, port, upstream));
    const child = spawn(program, ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
      stdio: 'ignore',
    });
    const nginx = new Nginx(port, child, folder);
    try {
      await eventually('nginx serves', () => nginx.serves());
      return nginx;
    } catch (error) {
      const words = await readFile(join(folder, 'error.log'), 'utf8').catch(() => '');
      await nginx.close();
      throw new Error(`nginx did not start: ${words}`, { cause: error });
    }
  }

  async close(): Promise<void> {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async serves(): Promise<boolean> {
    try {
      return (await fetch(`http://127.0.0.1:${this.port}/api/v1/health/ready`)).ok;
    } catch {
      // Nobody listens yet.
      return false;
    }
  }
}

const configuration = (folder: string, port: number, upstream: number): string => `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 512; }
http {
  access_log off;
  client_max_body_size 64m;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://127.0.0.1:${upstream}; }
  }
}
`;
