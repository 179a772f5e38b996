import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { Client } from 'minio';
import { freePort, MinioServer } from '#testing';
import type { Bench, Outcome, Stage } from '../bench.js';
import type { Server } from '../installation.js';
import type { LoadPerson } from '../load/device.js';

const MiB = 1024 * 1024;
const block = randomBytes(32 * MiB);
const blocks = 64;
const size = blocks * block.length;
const small = randomBytes(MiB);
const parallel = 200;
const bucket = 'bench-files';
/** All are measured in turn, so often; the best of each counts. */
const turns = 2;

/** Of one way that bytes can take, in MiB a second. */
interface Speed {
  up: number;
  down: number;
}

export const files: Bench = {
  name: 'files',
  about: `${size / MiB} MiB up and down through the service, by the S3 client's own speed; ${parallel} uploads at once`,
  people: 1,
  run: async (stage) => {
    if (!MinioServer.isAtHand) throw new Error('this needs MinIO: name its program in MINIO');
    const s3 = new MinioServer(await freePort());
    await s3.start();
    try {
      return await measure(stage, s3);
    } finally {
      await s3.close();
    }
  },
};

async function measure({ installation, options, tell }: Stage, s3: MinioServer): Promise<Outcome> {
  const { endpoint, accessKey, secretKey } = s3;
  const settings = { S3_ENDPOINT: endpoint, S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey };
  const server = await installation.start({
    settings: { ...settings, S3_BUCKET_PREFIX: 'bench' },
    inspected: options.profile,
  });
  try {
    const [person] = installation.people as [LoadPerson];
    const client = new Client({
      endPoint: '127.0.0.1',
      port: s3.port,
      useSSL: false,
      accessKey,
      secretKey,
      region: 'us-east-1',
    });
    await roundTrip(server, person, 1);
    const memory = await Memory.watch(server.pid);
    if (options.profile) await server.inspector.startProfile();
    const [direct, through]: [Speed[], Speed[]] = [[], []];
    for (let turn = 1; turn <= turns; turn += 1) {
      tell(`measuring, ${turn} of ${turns}`);
      direct.push(await directly(client));
      through.push(await roundTrip(server, person, blocks));
    }
    const grown = memory.end();
    const profile = options.profile ? await server.inspector.stopProfile(20) : undefined;
    tell(`${parallel} uploads at once`);
    const from = performance.now();
    await Promise.all(Array.from({ length: parallel }, () => upload(server, person, [small])));
    const seconds = (performance.now() - from) / 1000;
    return {
      figures: figuresOf(best(direct), best(through), { grown, seconds }),
      notes: [],
      ...(profile && { profile }),
    };
  } finally {
    await server.stop();
  }
}

function figuresOf(
  direct: Speed,
  through: Speed,
  rest: { grown: number; seconds: number },
): Outcome['figures'] {
  const share = { unit: '×', must: 0.7, aim: 0.9 };
  return [
    { name: 'up, the S3 client alone', value: direct.up, unit: 'MiB/s' },
    { name: 'up, through the service', value: through.up, unit: 'MiB/s' },
    { name: 'up, service by client', value: through.up / direct.up, ...share },
    { name: 'down, the S3 client alone', value: direct.down, unit: 'MiB/s' },
    { name: 'down, through the service', value: through.down, unit: 'MiB/s' },
    { name: 'down, service by client', value: through.down / direct.down, ...share },
    { name: 'more memory meanwhile', value: rest.grown, unit: 'MiB', must: 64, isLess: true },
    { name: `${parallel} uploads of 1 MiB at once`, value: rest.seconds, unit: 's' },
  ];
}

const best = (speeds: Speed[]): Speed => ({
  up: Math.max(...speeds.map(({ up }) => up)),
  down: Math.max(...speeds.map(({ down }) => down)),
});

async function directly(client: Client): Promise<Speed> {
  const up = await speedOf(size, () =>
    client.putObject(bucket, 'direct', Readable.from(repeated(blocks), { objectMode: false }), size),
  );
  const down = await speedOf(size, async () => requireSame(await client.getObject(bucket, 'direct'), blocks));
  await client.removeObject(bucket, 'direct');
  return { up, down };
}

async function roundTrip(server: Server, person: LoadPerson, count: number): Promise<Speed> {
  let fileId = '';
  const bytes = count * block.length;
  const up = await speedOf(bytes, async () => (fileId = await upload(server, person, repeated(count))));
  const down = await speedOf(bytes, async () => {
    const answer = await ask(server, person, { method: 'GET', path: `/files/${fileId}/content` });
    if (answer.statusCode !== 200) throw new Error(`the download was answered ${answer.statusCode}`);
    await requireSame(answer, count);
  });
  return { up, down };
}

/** As the SDK does it: one request a piece. */
async function upload(server: Server, person: LoadPerson, pieces: Iterable<Buffer>): Promise<string> {
  const list = [...pieces];
  const length = list.reduce((sum, piece) => sum + piece.length, 0);
  const begun = await ask(server, person, {
    method: 'POST',
    path: '/files',
    headers: { 'upload-length': length, 'upload-metadata': `filename ${btoa('a.bin')}` },
  });
  begun.resume();
  if (begun.statusCode !== 201) throw new Error(`an upload was answered ${begun.statusCode}`);
  const fileId = begun.headers.location!.split('/').at(-1)!;
  let offset = 0;
  for (const body of list) {
    const headers = { 'upload-offset': offset, 'content-type': 'application/offset+octet-stream' };
    const answer = await ask(server, person, { method: 'PATCH', path: `/files/${fileId}`, headers, body });
    answer.resume();
    if (answer.statusCode !== 204) throw new Error(`an upload was answered ${answer.statusCode}`);
    offset += body.length;
  }
  return fileId;
}

interface Asked {
  method: string;
  path: string;
  headers?: Record<string, string | number>;
  body?: Buffer;
}

async function ask(server: Server, { token }: LoadPerson, { method, path, headers, body }: Asked) {
  const asked = request({
    host: '127.0.0.1',
    port: server.port,
    path: `/api/v1${path}`,
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'tus-resumable': '1.0.0',
      'content-length': body?.length ?? 0,
      ...headers,
    },
  });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return answer;
}

/** Throws where what comes is not what was sent. */
async function requireSame(stream: AsyncIterable<Buffer>, count: number): Promise<void> {
  let at = 0;
  for await (const chunk of stream) {
    for (let rest = chunk; rest.length > 0;) {
      const from = at % block.length;
      const part = rest.subarray(0, block.length - from);
      if (part.compare(block, from, from + part.length) !== 0)
        throw new Error(`other bytes came after ${at}`);
      at += part.length;
      rest = rest.subarray(part.length);
    }
  }
  if (at !== count * block.length) throw new Error(`${at} bytes came of ${count * block.length}`);
}

function* repeated(count: number): Generator<Buffer> {
  for (let i = 0; i < count; i += 1) yield block;
}

async function speedOf(bytes: number, work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return bytes / MiB / ((performance.now() - from) / 1000);
}

/** Resident memory of a process, looked at ten times a second. */
class Memory {
  private most = 0;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly pid: number,
    private readonly before: number,
  ) {
    this.timer = setInterval(() => void this.look(), 100);
  }

  static async watch(pid: number): Promise<Memory> {
    return new Memory(pid, await resident(pid));
  }

  /** @returns how many MiB more than at the begin there were at most */
  end(): number {
    clearInterval(this.timer);
    return this.most - this.before;
  }

  private async look(): Promise<void> {
    this.most = Math.max(this.most, await resident(this.pid));
  }
}

async function resident(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
