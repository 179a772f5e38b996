import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Pair {
  near: Socket;
  far: Socket;
}

/** A way of TCP between two sides that a test can cut, or let fall silent as a network does that just drops packets. */
export class CuttingProxy {
  private readonly server: Server;
  private readonly pairs = new Set<Pair>();
  private isSilent = false;
  private listening = 0;

  /** @param target port of 127.0.0.1 that is behind it; another one after `leadTo` */
  constructor(private target: number) {
    // A side that has said everything may still be answered.
    this.server = createServer({ allowHalfOpen: true }, (near) => this.open(near));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    this.listening = (this.server.address() as AddressInfo).port;
  }

  get port(): number {
    return this.listening;
  }

  /** New connections go to another port. */
  leadTo(target: number): void {
    this.target = target;
  }

  /** Breaks every connection; what was on its way is lost. */
  cut(): void {
    for (const { near, far } of this.pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  /** Nothing passes any more, and nobody is told: neither the end of a side nor anything it says. */
  silence(): void {
    this.isSilent = true;
    for (const { near, far } of this.pairs) {
      near.pause();
      far.pause();
    }
  }

  /** What was held back passes on. */
  speak(): void {
    this.isSilent = false;
    for (const { near, far } of this.pairs) {
      near.resume();
      far.resume();
    }
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.cut();
    await closed;
  }

  private open(near: Socket): void {
    const far = connect({ port: this.target, host: '127.0.0.1', allowHalfOpen: true });
    const pair = { near, far };
    this.pairs.add(pair);
    this.pass(near, far, pair);
    this.pass(far, near, pair);
  }

  private pass(from: Socket, to: Socket, pair: Pair): void {
    from.setNoDelay(true);
    from.on('data', (chunk) => {
      if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => {
      if (!this.isSilent) from.resume();
    });
    from.on('end', () => to.end());
    // The close that follows says whether it was broken.
    from.on('error', () => {});
    from.on('close', (isBroken) => {
      this.pairs.delete(pair);
      if (isBroken) to.resetAndDestroy();
      else to.end();
    });
    if (this.isSilent) from.pause();
  }
}
