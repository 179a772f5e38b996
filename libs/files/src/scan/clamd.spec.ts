import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClamdServer, eicar, freePort } from '#testing';
import { Clamd } from './clamd.js';

const bytes = async function* (...chunks: Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
};

describe('a scanner that is away', () => {
  it('is a fault, never a verdict', async () => {
    const clamd = new Clamd({ host: '127.0.0.1', port: await freePort(), timeoutMs: 1000 });
    await expect(clamd.scan(bytes(Buffer.from('x')))).rejects.toThrow('ECONNREFUSED');
  });

  it.each([
    ['closes the connection', (end: () => void) => end()],
    ['says nothing', () => {}],
  ])('or %s is one as well', async (_what, treat) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      treat(() => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const clamd = new Clamd({ host: '127.0.0.1', port, timeoutMs: 300 });
    await expect(clamd.scan(bytes(Buffer.alloc(1_000_000)))).rejects.toThrow();
    server.close();
  });
});

(ClamdServer.isAtHand ? describe : describe.skip)('a real clamd', () => {
  let server: ClamdServer;
  let clamd: Clamd;

  beforeAll(async () => {
    server = new ClamdServer(await freePort());
    await server.start();
    clamd = new Clamd({ host: '127.0.0.1', port: server.port, timeoutMs: 30_000 });
  }, 60_000);
  afterAll(() => server?.close());

  it('tells its version', async () => {
    expect(await clamd.version()).toMatch(/^ClamAV /);
  });

  it('finds nothing in what is clean, also in nothing at all', async () => {
    expect(await clamd.scan(bytes(Buffer.from('harmless'), Buffer.alloc(3_000_000)))).toEqual({
      scan: 'clean',
    });
    expect(await clamd.scan(bytes())).toEqual({ scan: 'clean' });
  });

  it('finds harm, wherever the chunks are cut', async () => {
    const whole = Buffer.from(`before ${eicar} after`);
    const verdict = await clamd.scan(bytes(whole.subarray(0, 30), whole.subarray(30)));
    expect(verdict).toMatchObject({ scan: 'infected', finding: expect.stringContaining('Eicar-Test') });
  });

  it('refuses what is larger than its limit, and that is no verdict on it', async () => {
    const large = Array.from({ length: 200 }, () => Buffer.alloc(100_000));
    expect(await clamd.scan(bytes(...large))).toEqual({ scan: 'too_large' });
  });
});
