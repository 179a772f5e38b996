import type { Ack } from '#contracts';
import type { Employee } from './person.js';

interface Lane {
  sender: Employee;
  chat: string;
}

/** People who write to each other all the time, and every acknowledgement they got. */
export class Traffic {
  readonly acks: (Ack & { text: string })[] = [];
  /** Who writes in which direct conversation. */
  readonly lanes: readonly Lane[];

  private written = 0;

  private constructor(lanes: readonly Lane[]) {
    this.lanes = lanes;
  }

  /** Everybody writes to so many of the others. */
  static async among(people: readonly Employee[], others: number): Promise<Traffic> {
    const lanes: Lane[] = [];
    for (const sender of people) {
      const peers = people.filter((one) => one !== sender).slice(0, others);
      for (const peer of peers) lanes.push({ sender, chat: await sender.opensDirect(peer) });
    }
    return new Traffic(lanes);
  }

  /** Each writes one message after the other was acknowledged. @returns stops, and waits for what is on its way */
  start(): () => Promise<void> {
    const stopping = new AbortController();
    const running = Promise.all(
      this.lanes.map(async ({ sender, chat }) => {
        while (!stopping.signal.aborted) {
          const text = `message ${(this.written += 1)}`;
          this.acks.push({ ...(await sender.sends(chat, text)), text });
        }
      }),
    );
    return async () => {
      stopping.abort();
      await running;
    };
  }
}
