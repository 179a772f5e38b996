import type { ServerEventData, ServerEventName } from '#contracts';

/** socket.io packet EVENT (2) of the default namespace, in an engine.io message (4). */
const prefix = '42';
/** RFC 6455 §5.2: the last fragment, a text. */
const finalText = 0x81;

/** A server event as it lies on the wire, encoded once for however many sockets. */
export class Frame {
  /** What engine.io would encode, for transports that cannot take the frame as it is. */
  readonly packet: string;
  readonly options: { wsPreEncodedFrame: Buffer[] };

  private constructor(text: string) {
    this.packet = text.slice(1);
    this.options = { wsPreEncodedFrame: [framed(text)] };
  }

  static of<N extends ServerEventName>(name: N, data: ServerEventData<N>): Frame {
    return new Frame(prefix + JSON.stringify([name, data]));
  }
}

/** An unmasked frame, as servers send them. */
function framed(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = finalText;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, header);
  return frame;
}
