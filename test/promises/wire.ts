import { io } from 'socket.io-client';
import type {
  Ack,
  ClientEventAnswer,
  ClientEventData,
  ClientEventName,
  SendRequest,
  SocketAck,
} from '#contracts';
import { Http, OfflineError, RefusedError } from '#client';
import type { Employee, ServedProcess } from '#testing';

/** What a send came to: its acknowledgement, the code of its refusal, or `lost` where no answer came. */
export type Outcome = Ack | string;

/** What a person's device says to one process, exactly once: there is no outbox that would say it again. */
export class Wire {
  private constructor(
    private readonly http: Http,
    private readonly socket: ReturnType<typeof io>,
  ) {}

  static async open(employee: Employee, process: ServedProcess): Promise<Wire> {
    const http = new Http(process.address);
    http.use(employee.client.session);
    const auth = { token: await employee.client.session.token() };
    const options = {
      path: '/socket.io',
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth,
    };
    const socket = io(process.address, options);
    await new Promise((resolve, reject) => {
      socket.once('session.ready', resolve);
      socket.once('connect_error', reject);
    });
    return new Wire(http, socket);
  }

  /** By the socket. */
  send(conversationId: string, request: SendRequest): Promise<Outcome> {
    return outcomeOf(this.ask('message.send', { conversationId, ...request }));
  }

  /** By HTTP. */
  post(conversationId: string, request: SendRequest): Promise<Outcome> {
    return outcomeOf(this.http.call('sendMessage', { params: { conversationId }, body: request }));
  }

  /** The texts of a conversation, as its messages are now. */
  async read(conversationId: string): Promise<string[]> {
    const { items } = await this.http.call('messages', { params: { conversationId } });
    return items.map(({ body }) => (body?.type === 'text' ? body.text : '?'));
  }

  async ask<N extends ClientEventName>(name: N, data: ClientEventData<N>): Promise<ClientEventAnswer<N>> {
    const ack = (await this.socket.emitWithAck(name, data).catch((error: unknown) => {
      throw new OfflineError(error);
    })) as SocketAck<ClientEventAnswer<N>>;
    if (!ack.ok) throw RefusedError.from(ack.error);
    return ack.data;
  }

  /** Everything sent before has been taken in: requests of a socket are read in their order. */
  async isHeard(): Promise<void> {
    await this.ask('presence.watch', { personIds: [] });
  }

  close(): void {
    this.socket.disconnect();
  }
}

export const outcomeOf = (sending: Promise<Ack>): Promise<Outcome> =>
  sending.catch((error: unknown) => {
    if (error instanceof RefusedError) return error.code;
    if (error instanceof OfflineError) return 'lost';
    throw error;
  });
