// Puts pieces of bytes together.

/** The parts one after the other; `length` is the sum of theirs. A single part is returned as it is. */
export function concat(
  parts: readonly Uint8Array[],
  length: number,
): Uint8Array {
  if (parts.length === 1 && parts[0]) return parts[0];
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** The same bytes, with memory of their own where they would hold on to far more of it: some runtimes read into large buffers. */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  const isSmallPart = bytes.buffer.byteLength > 2 * bytes.length;
  return isSmallPart ? new Uint8Array(bytes) : bytes;
}
