// Puts pieces of bytes together.

/** The parts one after the other; `length` is the sum of theirs. A single part is returned as it is. */
export function concat(
  parts: readonly Uint8Array[],
  length: number,
): Uint8Array {
  return together(parts, length, () => {});
}

/** From this size on a part's memory is worth giving back by hand. */
const LARGE_BYTES = 64 * 1024;

/**
 * The same of parts that nobody else holds. The memory of large ones is given back at once: until the runtime
 * next looks for what is not needed, they would take up as much again as the whole.
 */
export function gathered(
  parts: readonly Uint8Array[],
  length: number,
): Uint8Array {
  return together(parts, length, giveBack);
}

function together(
  parts: readonly Uint8Array[],
  length: number,
  copied: (part: Uint8Array) => void,
): Uint8Array {
  if (parts.length === 1 && parts[0]) return parts[0];
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
    copied(part);
  }
  return whole;
}

/** Memory that a part has to itself. */
function giveBack({ buffer, byteLength }: Uint8Array): void {
  const isOwn = byteLength === buffer.byteLength && byteLength >= LARGE_BYTES;
  if (isOwn && buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/**
 * The bytes between two places, with memory of their own where they would hold on to far more of it:
 * some runtimes read into large buffers. Not for Node's Buffer, whose `slice` does not copy.
 */
export function ownBytes(
  bytes: Uint8Array,
  start = 0,
  end: number = bytes.length,
): Uint8Array {
  const isSmallPart = bytes.buffer.byteLength > 2 * (end - start);
  // On Bun a copy of a few bytes costs far less than a view of them.
  return isSmallPart ? bytes.slice(start, end) : bytes.subarray(start, end);
}
