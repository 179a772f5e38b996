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
    const asked = marks
      .map(({ conversationId }) => conversationId)
      .filter((id) => this.registry.membersOf(id).size > 0);
    const small = await this.members.smallAmong([...new Set(asked)], limits.smallConversation);
    for (const mark of marks) {
      const receivers = small.has(mark.conversationId)
        ? [...this.registry.membersOf(mark.conversationId).keys()]
        : [mark.personId];
      for (const personId of new Set([mark.personId, ...receivers])) {
        for (const connection of this.registry.connectionsOf(personId))
          connection.sendVolatile('read.changed', mark);
      }
    }
  }
}
