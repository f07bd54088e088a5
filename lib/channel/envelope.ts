// A message together with the exact bytes it arrived as.

import type {
  Message,
  MessageKind,
  RequestId,
  RpcError,
} from "../protocol/messages.ts";
import { exactJson, exactNumber, isRounded } from "../protocol/exact_number.ts";
import { GatewayError } from "../errors.ts";
import { OUTLINED_BYTES, outlineOf } from "./outline.ts";

/** What routing needs to know of a message. */
export interface Head {
  readonly kind: MessageKind;
  /** The id of a request or response; `null` only on an error response to something unreadable. */
  readonly id?: RequestId | null;
  /** The method of a request or notification. */
  readonly method?: string;
  /** Whether a response tells an error. */
  readonly failed?: boolean;
}

/**
 * What the transport knows of the request a message belongs to: its id,
 * `null` when the transport says it belongs to none (a standalone stream),
 * `undefined` when the transport cannot tell (stdio, HTTP+SSE).
 */
export type Relation = RequestId | null | undefined;

/** What the runtime needs for an envelope besides its bytes (measured on Bun). */
const OVERHEAD_BYTES = 256;

// What is decoded is sent on as it came: a second byte order mark is no white space.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** One JSON-RPC message, forwarded as the bytes it came in unless a member had to change. */
export class Envelope {
  readonly head: Head;
  /** UTF-8 JSON text of exactly one message, without a byte order mark. */
  readonly bytes: Uint8Array;
  readonly relatesTo: Relation;
  /** The fault that it tells, when the gateway itself answers in the backend's place. */
  readonly tells?: GatewayError;
  /** Parsed, a message takes up to 25 times its bytes: while an envelope waits, only those are held. */
  #message?: WeakRef<Message>;

  private constructor(
    message: Message | undefined,
    bytes: Uint8Array,
    head: Head,
    relatesTo: Relation,
    tells?: GatewayError,
  ) {
    if (message) this.#message = new WeakRef(message);
    this.tells = tells;
    this.bytes = bytes;
    this.head = head;
    this.relatesTo = relatesTo;
  }

  /** Like `read()`, for a message of a server: what a large answer holds is passed on unread. */
  static skim(bytes: Uint8Array, relatesTo?: Relation): Envelope {
    const json = withoutMark(bytes);
    const outline = json.length < OUTLINED_BYTES ? undefined : outlineOf(json);
    if (!outline) return Envelope.read(bytes, relatesTo);
    const head: Head = { kind: "response", ...outline };
    return new Envelope(undefined, json, head, relatesTo);
  }

  /** Reads one message; a byte order mark before it is not kept. Throws `unparsable_message` (not JSON in UTF-8) or `invalid_message` (not JSON-RPC 2.0). */
  static read(bytes: Uint8Array, relatesTo?: Relation): Envelope {
    const json = withoutMark(bytes);
    const message = parseJson(json);
    const head = exact(headOf(message), json);
    return new Envelope(message as Message, json, head, relatesTo);
  }

  /** A message made by the gateway itself. */
  static of(message: Message): Envelope {
    return Envelope.#made(message);
  }

  /** The successful answer to request `id`. */
  static result(id: RequestId, result: unknown): Envelope {
    return Envelope.of({ jsonrpc: "2.0", id, result });
  }

  /** The error answer to request `id`. */
  static error(id: RequestId, error: RpcError): Envelope {
    return Envelope.of({ jsonrpc: "2.0", id, error });
  }

  /** The error answer to request `id` that tells a fault of the gateway or the backend. */
  static failure(id: RequestId, tells: GatewayError): Envelope {
    const { code, text: message, fault, hint } = tells;
    const why = hint === undefined ? { fault } : { fault, hint };
    const data = { ...tells.data, ...why };
    const error = { code, message, data };
    return Envelope.#made({ jsonrpc: "2.0", id, error }, tells);
  }

  static #made(message: Message, tells?: GatewayError): Envelope {
    const bytes = encoder.encode(exactJson(message));
    return new Envelope(message, bytes, headOf(message), undefined, tells);
  }

  /** The same message as one that belongs to another request, or to none. */
  relating(relatesTo: Relation): Envelope {
    const message = this.#message?.deref();
    return new Envelope(message, this.bytes, this.head, relatesTo, this.tells);
  }

  /** The same message with `bytes` in which only ids are others, its own among them where `id` is given. */
  renamed(bytes: Uint8Array, relatesTo: Relation, id?: RequestId): Envelope {
    const head = id === undefined ? this.head : { ...this.head, id };
    return new Envelope(undefined, bytes, head, relatesTo, this.tells);
  }

  /** What it takes up in memory while it waits, in bytes. */
  get weight(): number {
    return this.bytes.length + OVERHEAD_BYTES;
  }

  /** The parsed message; parsed anew when nobody has asked for it lately. */
  message(): Message {
    const known = this.#message?.deref();
    if (known) return known;
    const message = parseJson(this.bytes) as Message;
    this.#message = new WeakRef(message);
    return message;
  }
}

/** Parses UTF-8 JSON text. Throws `unparsable_message`. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    // The parser's own text quotes the input, which may hold secrets: it is not kept.
    throw new GatewayError(
      "unparsable_message",
      "The message is not JSON in UTF-8",
      { rpcId: null },
    );
  }
}

/** A receiver need not take a byte order mark (RFC 8259 § 8.1). */
function withoutMark(bytes: Uint8Array): Uint8Array {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked ? bytes.subarray(3) : bytes;
}

function headOf(value: unknown): Head {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid("a JSON-RPC message is an object");
  }
  const { jsonrpc, id, method } = value as Record<string, unknown>;
  if (jsonrpc !== "2.0") throw invalid('member "jsonrpc" must be "2.0"');
  if (method !== undefined) {
    if (typeof method !== "string") {
      throw invalid('member "method" must be a string');
    }
    if (!("id" in value)) return { kind: "notification", method };
    if (!isRequestId(id)) throw invalid('"id" must be a string or a number');
    return { kind: "request", id, method };
  }
  if (!("result" in value) && !("error" in value)) {
    throw invalid('it has none of "method", "result" and "error"');
  }
  if (id !== null && !isRequestId(id)) {
    throw invalid('the "id" of a response must be a string or a number');
  }
  return { kind: "response", id, failed: !("result" in value) };
}

/** A number too large for any answer to carry back, such as `1e400`, is none. */
function isRequestId(id: unknown): id is RequestId {
  return typeof id === "string" || Number.isFinite(id) ||
    typeof id === "bigint";
}

/** The same head, with an id that the parser rounded as it was written. */
function exact(head: Head, json: Uint8Array): Head {
  if (!isRounded(head.id)) return head;
  return { ...head, id: exactNumber(json, ["id"]) ?? head.id };
}

function invalid(why: string): GatewayError {
  return new GatewayError(
    "invalid_message",
    `Not a JSON-RPC 2.0 message: ${why}`,
    { rpcId: null },
  );
}
