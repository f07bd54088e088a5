// JSON text as one line, for transports that frame messages by line breaks (stdio, SSE).

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;

/** The same JSON: a raw line break can stand only between its tokens, where a space means the same (RFC 8259 § 2). */
export function oneLine(json: Uint8Array): Uint8Array {
  if (!json.includes(LINE_FEED) && !json.includes(CARRIAGE_RETURN)) return json;
  return json.map((byte) =>
    byte === LINE_FEED || byte === CARRIAGE_RETURN ? SPACE : byte
  );
}
