import { Client, type ClientOptions } from '#client';
import type { Ack, ConversationEvent, EventOf, MessageBody } from '#contracts';
import { eventually } from './eventually.js';

export interface Account {
  username: string;
  password: string;
  displayName: string;
  role: string;
}

/** A device of an employee, over the SDK that the product ships. Keeps what it was told, in the order it was told. */
export class Device {
  readonly client: Client;
  private readonly told = new Map<string, ConversationEvent[]>();
  private isSynced = false;

  constructor(options: ClientOptions) {
    this.client = new Client({ platform: 'node', ...options });
    this.client.on('events', ({ conversationId, events }) => {
      this.told.set(conversationId, [...(this.told.get(conversationId) ?? []), ...events]);
    });
    this.client.on('reset', ({ conversationId, aboveSeq }) => {
      this.told.set(
        conversationId,
        this.log(conversationId).filter(({ seq }) => seq <= aboveSeq),
      );
    });
    this.client.on('synced', () => (this.isSynced = true));
  }

  /** Everything this device was told of a conversation. */
  log(conversationId: string): ConversationEvent[] {
    return this.told.get(conversationId) ?? [];
  }

  texts(conversationId: string): string[] {
    return messagesOf(this.log(conversationId)).map(({ body }) => (body?.type === 'text' ? body.text : '?'));
  }

  synced(): Promise<true> {
    return eventually('the device is up to date', () => this.isSynced && this.client.state === 'live');
  }

  /** Waits until this device was told a text. */
  sees(conversationId: string, text: string): Promise<true> {
    return eventually(`"${text}" arrives`, () => this.texts(conversationId).includes(text));
  }

  /** Waits until this device was told everything up to a seq. */
  reaches(conversationId: string, seq: number): Promise<true> {
    return eventually(`seq ${seq} arrives`, () => (this.log(conversationId).at(-1)?.seq ?? 0) >= seq);
  }

  close(): void {
    this.client.close();
  }
}

/** An employee, signed in on one device and able to sign in on more. */
export class Employee {
  private readonly devices: Device[] = [];

  constructor(
    readonly account: Account,
    private readonly baseUrl: string,
  ) {}

  /** Signs in on another device. */
  async signsIn(options: ClientOptions = {}): Promise<Device> {
    const device = new Device({ baseUrl: this.baseUrl, ...options });
    this.devices.push(device);
    const { username, password } = this.account;
    await device.client.signIn({ username, password, deviceName: 'test' });
    await device.synced();
    return device;
  }

  /** The device signed in first. */
  get device(): Device {
    const [device] = this.devices;
    if (!device) throw new Error(`${this.account.username} has not signed in`);
    return device;
  }

  get client(): Client {
    return this.device.client;
  }

  get id(): string {
    return this.client.user!.id;
  }

  sends(conversationId: string, text: string, clientId?: string): Promise<Ack> {
    return this.client.deliver(conversationId, { type: 'text', text } satisfies MessageBody, clientId);
  }

  async opensDirect(other: Employee): Promise<string> {
    return (await this.client.call('createConversation', { body: { kind: 'direct', memberIds: [other.id] } }))
      .id;
  }

  async createsGroup(name: string, others: readonly Employee[]): Promise<string> {
    const memberIds = others.map(({ id }) => id);
    return (await this.client.call('createConversation', { body: { kind: 'group', name, memberIds } })).id;
  }

  close(): void {
    for (const device of this.devices) device.close();
  }
}

export const messagesOf = (events: readonly ConversationEvent[]): EventOf<'message.created'>[] =>
  events.filter((event) => event.type === 'message.created');
