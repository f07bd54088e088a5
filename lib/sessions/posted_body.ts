// The body of a POST: read within its bound and split into messages.

import { Envelope, parseJson } from "../channel/envelope.ts";
import { GatewayError } from "../errors.ts";
import { MEDIA } from "../protocol/headers.ts";
import { concat } from "../transports/concat.ts";
import { splitBatch } from "../transports/json_array.ts";

/** The messages of one POST. */
export interface PostedBody {
  readonly envelopes: readonly Envelope[];
  readonly form: "single" | "batch";
}

/** Messages in one batch. */
export const MAX_BATCH = 1_000;

const OPEN_BRACKET = 91;
const WHITE_SPACE: readonly number[] = [9, 10, 13, 32];

/** Is told how many bytes more are going to be held; throws a `GatewayError` when they may not. */
export type Take = (bytes: number) => void;

/** Reads a body of at most `maxBytes`. Throws `unsupported_media_type`, `message_too_large`, `client_gone`, `unparsable_message` or `invalid_message`, and what `take` throws. */
export async function readPosted(
  request: Request,
  maxBytes: number,
  take: Take,
): Promise<PostedBody> {
  checkContentType(request.headers.get("content-type"));
  const bytes = await readBounded(request, maxBytes, take);
  const first = bytes.find((byte) => !WHITE_SPACE.includes(byte));
  if (first !== OPEN_BRACKET) {
    return { envelopes: [Envelope.read(bytes)], form: "single" };
  }
  const items = parseJson(bytes) as unknown[];
  if (items.length === 0 || items.length > MAX_BATCH) {
    throw new GatewayError(
      "invalid_message",
      `A batch holds 1 to ${MAX_BATCH} messages`,
      { rpcId: null },
    );
  }
  const envelopes = splitBatch(bytes).map((item) => Envelope.read(item));
  return { envelopes, form: "batch" };
}

function checkContentType(header: string | null): void {
  if (header === MEDIA.json) return;
  const [type, ...parameters] = (header ?? "").toLowerCase().split(";")
    .map((part) => part.trim());
  const charset = parameters.find((one) => one.startsWith("charset="));
  const utf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  if (type === MEDIA.json && utf8) return;
  throw new GatewayError(
    "unsupported_media_type",
    "Messages are sent as application/json in UTF-8",
    { hint: "Send the header Content-Type: application/json" },
  );
}

async function readBounded(
  request: Request,
  maxBytes: number,
  take: Take,
): Promise<Uint8Array> {
  const announced = request.headers.get("content-length");
  if (Number(announced) > maxBytes) throw tooLarge(maxBytes);
  try {
    if (announced === null) return await readCounting(request, maxBytes, take);
    take(Number(announced));
    return await request.bytes();
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    const message = "The client left before its message was complete";
    throw new GatewayError("client_gone", message, { cause: error });
  }
}

/** Reads a body of unknown length, as far as its bound. */
async function readCounting(
  request: Request,
  maxBytes: number,
  take: Take,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    take(chunk.length);
    chunks.push(chunk);
  }
  return concat(chunks, length);
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError(
    "message_too_large",
    `A message may have at most ${maxBytes} bytes`,
    { fields: { limit: "clientMessage" } },
  );
}
