const leastBytes = 4096;

/**
 * Gives memory back at once that nobody reads any more. The collector would let hundreds of such pieces gather before it
 * looks, and bytes that stream through would take ever new memory, which costs several times as much as the old.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  // A part of something larger belongs to others too.
  const isOwn = buffer instanceof ArrayBuffer && byteLength === buffer.byteLength;
  if (isOwn && byteLength >= leastBytes) buffer.transfer(0);
}
