import { Injectable } from '@nestjs/common';
import { limits } from '#contracts';
import { Members } from '#messaging';
import { isDatabaseAway, logger } from '#platform';
import { Registry } from './registry.js';

const log = logger('realtime');
/** Beyond this the oldest news is dropped: whoever looks at a conversation asks for its marks anyway. */
const waitingAtMost = 10_000;

export interface ReadMark {
  personId: string;
  conversationId: string;
  seq: number;
}

/** Tells who has read how far: to the reader's own devices, and in small conversations to everybody. */
@Injectable()
export class ReadNews {
  private readonly waiting = new Map<string, ReadMark>();
  private running = false;

  constructor(
    private readonly registry: Registry,
    private readonly members: Members,
  ) {}

  add(mark: ReadMark): void {
    const key = `${mark.personId} ${mark.conversationId}`;
    this.waiting.delete(key);
    this.waiting.set(key, mark);
    if (this.waiting.size > waitingAtMost) this.waiting.delete(this.waiting.keys().next().value!);
    if (!this.running) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.size > 0) {
      const marks = [...this.waiting.values()];
      this.waiting.clear();
      try {
        await this.tell(marks);
      } catch (err) {
        if (!isDatabaseAway(err)) log.warn({ err }, 'read marks could not be told');
      }
    }
    this.running = false;
  }

  private async tell(marks: ReadMark[]): Promise<void> {
    // Only conversations somebody here can see are worth asking about.
    const asked = marks.map(({ conversationId }) => conversationId).filter((id) => this.registry.isHeard(id));
    const small = await this.members.smallAmong([...new Set(asked)], limits.smallConversation);
    for (const mark of marks) {
      const receivers = new Set(this.registry.connectionsOf(mark.personId));
      if (small.has(mark.conversationId)) {
        for (const [connection] of this.registry.receiversOf(mark.conversationId)) receivers.add(connection);
      }
      for (const connection of receivers) connection.sendVolatile('read.changed', mark);
    }
  }
}
