import { eventually } from '#testing';

interface Node {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
}

interface Profile {
  nodes: Node[];
  samples: number[];
  timeDeltas: number[];
}

export interface ProfileEntry {
  /** Part of the time in which JavaScript or the garbage collector ran. */
  part: number;
  where: string;
}

export interface Memory {
  rss: number;
  heapUsed: number;
  external: number;
}

/** What Node's inspector tells of a running server. */
export class Inspector {
  private readonly waiting = new Map<number, { resolve: (r: never) => void; reject: (e: Error) => void }>();
  private nextId = 1;

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => {
      const { id, result, error } = JSON.parse(String(data)) as {
        id?: number;
        result?: unknown;
        error?: { message: string };
      };
      if (id === undefined) return;
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (error) waiting?.reject(new Error(error.message));
      else waiting?.resolve(result as never);
    });
  }

  static async open(port: number): Promise<Inspector> {
    const target = await eventually('the inspector answers', async () => {
      const response = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => undefined);
      return ((await response?.json()) as { webSocketDebuggerUrl: string }[] | undefined)?.[0];
    });
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error('the inspector refused')));
    });
    return new Inspector(socket);
  }

  async startProfile(): Promise<void> {
    await this.ask('Profiler.enable');
    await this.ask('Profiler.setSamplingInterval', { interval: 500 });
    await this.ask('Profiler.start');
  }

  /** Where the time since the start went, most first. */
  async stopProfile(count: number): Promise<ProfileEntry[]> {
    const { profile } = await this.ask<{ profile: Profile }>('Profiler.stop');
    return heaviest(profile).slice(0, count);
  }

  /** What the server holds after everything that can be collected was. */
  async memory(): Promise<Memory> {
    await this.ask('HeapProfiler.enable');
    for (let i = 0; i < 2; i += 1) await this.ask('HeapProfiler.collectGarbage');
    return this.evaluate<Memory>('process.memoryUsage()');
  }

  async evaluate<T>(expression: string): Promise<T> {
    const { result } = await this.ask<{ result: { value: T } }>('Runtime.evaluate', {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    return result.value;
  }

  close(): void {
    this.socket.close();
  }

  private ask<T = unknown>(method: string, params: object = {}): Promise<T> {
    const id = this.nextId++;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }
}

const resting = new Set(['(idle)', '(program)', '(root)']);

function heaviest({ nodes, samples, timeDeltas }: Profile): ProfileEntry[] {
  const names = new Map(nodes.map((node) => [node.id, nameOf(node)]));
  const times = new Map<string, number>();
  samples.forEach((id, i) => {
    const name = names.get(id)!;
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[i] ?? 0));
  });
  const awake = [...times].filter(([name]) => !resting.has(name));
  const whole = awake.reduce((sum, [, time]) => sum + time, 0);
  return awake.map(([where, time]) => ({ part: time / whole, where })).toSorted((a, b) => b.part - a.part);
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: Node): string {
  if (url === '') return functionName || '(anonymous)';
  const file = url.replace(/^.*\/(node_modules|dist)\//, '');
  return `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`;
}
