// A backend whose tool calls somebody is told of.

import type { Backend, OpenContext } from "../backend.ts";
import type { Channel } from "../channel/channel.ts";
import type { Envelope } from "../channel/envelope.ts";
import { membersOf } from "../channel/json_parts.ts";
import { requestIdOf } from "../channel/named_ids.ts";
import type { Fault } from "../errors.ts";
import { METHODS } from "../protocol/methods.ts";
import { idKey } from "../protocol/messages.ts";
import type { RequestId } from "../protocol/messages.ts";

/**
 * How a call of a tool ended: with a result; with an error or a result that says it is one
 * (2025-11-25 `server/tools` § Error Handling); by a rule that does not let it through; or
 * without an answer, as it was cancelled or its session ended.
 */
export type CallEnd = "done" | "failed" | "refused" | "unanswered";

/** A call of a tool that is over. */
export interface ToolCall {
  /** The name in `mcpServers`. */
  readonly server: string;
  /** As the client has called it, without what it is called with; cut where it is very long. */
  readonly tool: string;
  /** See `CallEnd`. */
  readonly end: CallEnd;
  /** From the call to its end, in milliseconds. */
  readonly durationMs: number;
}

/** Told of each call once it is over. */
export type CallObserver = (call: ToolCall) => void;

/** A longer name is cut. */
const MAX_TOOL_CHARS = 128;

/** The tool of a call that names none. */
const NAMELESS = "(nameless)";

const REFUSED: Fault = "not_permitted";

const decoder = new TextDecoder();

/** Wraps the backend of one server. What it carries crosses unchanged. */
export function observed(inner: Backend, onCall: CallObserver): Backend {
  const { name } = inner;
  return {
    name,
    ...(inner.admit && { admit: (principal) => inner.admit?.(principal) }),
    close: async (reason) => await inner.close?.(reason),
    isIdle: () => inner.isIdle?.() ?? true,
    async open(context: OpenContext): Promise<Channel> {
      const calls = new OpenCalls(name, onCall);
      return new ObservedChannel(await inner.open(context), calls);
    },
  };
}

class ObservedChannel implements Channel {
  readonly #inner: Channel;
  readonly #calls: OpenCalls;

  constructor(inner: Channel, calls: OpenCalls) {
    this.#inner = inner;
    this.#calls = calls;
  }

  async send(envelope: Envelope): Promise<void> {
    this.#calls.said(envelope);
    await this.#inner.send(envelope);
  }

  async close(reason?: Error): Promise<void> {
    await this.#inner.close(reason);
    this.#calls.over();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Envelope> {
    for await (const envelope of this.#inner) {
      this.#calls.heard(envelope);
      yield envelope;
    }
  }
}

/** The calls of one conversation that are not over; the session bounds how many there are. */
class OpenCalls {
  readonly #server: string;
  readonly #onCall: CallObserver;
  readonly #open = new Map<string, { tool: string; start: number }>();

  constructor(server: string, onCall: CallObserver) {
    this.#server = server;
    this.#onCall = onCall;
  }

  said(envelope: Envelope): void {
    const { kind, id, method } = envelope.head;
    if (method === METHODS.cancelled) {
      const cancelled = requestIdOf(envelope);
      if (cancelled !== undefined) this.#settle(cancelled, "unanswered");
    }
    if (kind !== "request" || method !== METHODS.callTool) return;
    const start = performance.now();
    this.#open.set(idKey(id as RequestId), { tool: toolIn(envelope), start });
  }

  heard(envelope: Envelope): void {
    const { kind, id } = envelope.head;
    if (kind !== "response" || id === null || id === undefined) return;
    if (this.#open.has(idKey(id))) this.#settle(id, endIn(envelope));
  }

  /** No more answers will come. */
  over(): void {
    for (const call of this.#open.values()) this.#tell(call, "unanswered");
    this.#open.clear();
  }

  #settle(id: RequestId, end: CallEnd): void {
    const call = this.#open.get(idKey(id));
    if (!call) return;
    this.#open.delete(idKey(id));
    this.#tell(call, end);
  }

  #tell({ tool, start }: { tool: string; start: number }, end: CallEnd): void {
    const durationMs = performance.now() - start;
    this.#onCall({ server: this.#server, tool, end, durationMs });
  }
}

function toolIn(call: Envelope): string {
  const name = call.message().params?.name;
  return typeof name === "string" && name !== ""
    ? name.slice(0, MAX_TOOL_CHARS).toWellFormed()
    : NAMELESS;
}

function endIn(answer: Envelope): CallEnd {
  if (!answer.head.failed) return saysError(answer.bytes) ? "failed" : "done";
  const { fault } = (answer.message().error?.data ?? {}) as {
    readonly fault?: unknown;
  };
  return fault === REFUSED ? "refused" : "failed";
}

/** Read off the bytes: a result can be large, and building what it holds is not for this. */
function saysError(answer: Uint8Array): boolean {
  const result = membersOf(answer)?.get("result");
  if (!result) return false;
  const inside = answer.subarray(...result);
  const says = membersOf(inside)?.get("isError");
  return says !== undefined &&
    decoder.decode(inside.subarray(...says)) === "true";
}
