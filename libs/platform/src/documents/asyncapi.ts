import { clientEvents, ErrorAnswer, Handshake, serverEvents } from '#contracts';
import type { z } from 'zod';
import { SchemaBook } from './schemas.js';

type JsonObject = Record<string, unknown>;

interface SocketEvent {
  summary: string;
  data: z.ZodType;
  answer?: z.ZodType | null;
}

/** The socket as an AsyncAPI 3.0 document, made from the contract alone. */
export function asyncapiDocument(version: string): JsonObject {
  const book = new SchemaBook();
  const error = book.write(ErrorAnswer, 'output');
  const messages: JsonObject = {};
  const operations: JsonObject = {};
  const add = (name: string, event: SocketEvent, action: 'send' | 'receive') => {
    const direction = action === 'receive' ? 'input' : 'output';
    // `typing` goes both ways, so the direction is part of the key; the name is the one on the wire.
    const key = `${action === 'receive' ? 'client' : 'server'}_${name.replaceAll('.', '_')}`;
    messages[key] = {
      name,
      title: name,
      summary: event.summary,
      payload: book.write(event.data, direction),
      ...(event.answer && {
        'x-acknowledgement': { success: book.write(event.answer, 'output'), failure: error },
      }),
    };
    operations[key] = {
      action,
      summary: event.summary,
      channel: { $ref: '#/channels/socket' },
      messages: [{ $ref: `#/channels/socket/messages/${key}` }],
    };
  };
  for (const [name, event] of Object.entries<SocketEvent>(clientEvents)) add(name, event, 'receive');
  for (const [name, event] of Object.entries<SocketEvent>(serverEvents)) add(name, event, 'send');
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Chancery socket',
      version,
      description:
        'socket.io v4, transport websocket, default JSON parser. Every client event but `typing` is acknowledged ' +
        'with {ok: true, data} or {ok: false, error}. A refused handshake is a connect_error with data.code.',
    },
    channels: {
      socket: {
        address: '/socket.io',
        description: 'One connection of a signed-in device',
        messages,
        'x-handshake': book.write(Handshake, 'input'),
      },
    },
    operations,
    components: { schemas: book.components },
  };
}
