/** Kinds of frames of RFC 6455 that a server of socket.io sends. */
export const opcodes = { text: 1, close: 8 } as const;

const finalFrame = 0x80;
const masked = 0x80;

/**
 * Cuts what arrives on a WebSocket into frames. Lean on purpose: thousands of these run beside the server that is
 * measured. Servers neither mask nor, here, fragment.
 */
export class FrameReader {
  private rest: Buffer | undefined;

  /** Calls `frame` with each complete payload, which is only valid during the call. */
  read(chunk: Buffer, frame: (opcode: number, payload: Buffer) => void): void {
    let data = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    for (;;) {
      const end = endOf(data);
      if (!end || data.length < end.to) break;
      if ((data[0]! & finalFrame) === 0) throw new Error('the server sent a fragmented frame');
      frame(data[0]! & 0x0f, data.subarray(end.from, end.to));
      data = data.subarray(end.to);
    }
    this.rest = data.length > 0 ? data : undefined;
  }
}

/** Where the payload of the first frame lies; undefined while its header is incomplete. */
function endOf(data: Buffer): { from: number; to: number } | undefined {
  if (data.length < 2) return undefined;
  const short = data[1]! & 0x7f;
  if (short < 126) return { from: 2, to: 2 + short };
  if (short === 126) return data.length < 4 ? undefined : { from: 4, to: 4 + data.readUInt16BE(2) };
  return data.length < 10 ? undefined : { from: 10, to: 10 + Number(data.readBigUInt64BE(2)) };
}

/**
 * A text frame from a client, with the parts one after the other. The mask every client must use is all zeros here, so
 * that masking costs the client nothing; the server does its work as always.
 */
export function textFrame(...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const header = length < 126 ? 6 : 8;
  if (length > 0xffff) throw new Error(`a frame of ${length} bytes is longer than any request`);
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = finalFrame | opcodes.text;
  if (length < 126) frame[1] = masked | length;
  else {
    frame[1] = masked | 126;
    frame.writeUInt16BE(length, 2);
  }
  frame.fill(0, header - 4, header);
  let at = header;
  for (const part of parts) at += part.copy(frame, at);
  return frame;
}
