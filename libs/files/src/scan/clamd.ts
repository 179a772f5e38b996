import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { verdictOf, type Verdict } from './scan.js';

export interface ClamdAddress {
  host: string;
  port: number;
  timeoutMs: number;
}

/** Bytes of an answer; clamd's are a line. */
const mostAnswerBytes = 4096;

/** ClamAV's daemon over TCP, by the commands of clamd(8). Whatever goes wrong with it is thrown. */
export class Clamd {
  constructor(private readonly address: ClamdAddress) {}

  /** Program and signatures, such as `ClamAV 1.4.6/27000/Tue Nov 24 2026`; changes with every update. */
  async version(): Promise<string> {
    const socket = await this.open();
    try {
      const answer = answerOf(socket);
      socket.write('zVERSION\0');
      return (await answer).replaceAll('\0', '').trim();
    } finally {
      socket.destroy();
    }
  }

  async scan(content: AsyncIterable<Buffer>): Promise<Verdict> {
    const socket = await this.open();
    try {
      const answer = answerOf(socket);
      let isAnswered = false;
      // An early answer, as to a stream beyond its limit, ends the sending; a fault is thrown below.
      const answered = answer.then(
        () => (isAnswered = true),
        () => (isAnswered = true),
      );
      socket.write('zINSTREAM\0');
      for await (const chunk of content) {
        if (isAnswered) break;
        if (write(socket, chunk)) continue;
        await Promise.race([once(socket, 'drain').catch(() => {}), answered]);
        // What has arrived is read before more is written: writing to whoever has answered and left loses the answer.
        await turn();
      }
      if (!isAnswered) write(socket, Buffer.alloc(0));
      return verdictOf(await answer);
    } finally {
      socket.destroy();
    }
  }

  private async open(): Promise<Socket> {
    const { host, port, timeoutMs } = this.address;
    const socket = connect({ host, port });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('clamd does not answer in time')));
    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }
}

/** A chunk as INSTREAM wants it: its length, four bytes in network order, then the bytes. */
function write(socket: Socket, chunk: Buffer): boolean {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(chunk.length);
  socket.write(length);
  return chunk.length === 0 || socket.write(chunk);
}

/** Everything up to the NUL that ends an answer. */
function answerOf(socket: Socket): Promise<string> {
  const answer = new Promise<string>((resolve, reject) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.includes('\0')) resolve(text);
      else if (text.length > mostAnswerBytes) reject(new Error('clamd answers with too much'));
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('clamd closed the connection without an answer')));
  });
  answer.catch(() => {});
  return answer;
}
