// The POSTs of one channel of the modern era: each stands for itself.

import type { OpenContext } from "../../backend.ts";
import { Envelope } from "../../channel/envelope.ts";
import { MEDIA, PARAMETER_PREFIX } from "../../protocol/headers.ts";
import { RPC_CODES } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { HttpAnswer } from "./http_answer.ts";
import type { HttpRoute } from "./http_call.ts";
import { badStatus, notModern } from "./http_failures.ts";
import type { HttpPeer } from "./http_peer.ts";
import { messagesIn } from "./http_refusal.ts";
import { Intake } from "./intake.ts";
import { modernHeaders } from "./modern_headers.ts";

/** The statuses by which a server says that it knows no such POST (2026-07-28 `basic/transports/streamable-http` § Backward Compatibility). */
const NOT_MODERN_STATUSES: readonly number[] = [400, 404, 405];

/** The errors that only a server of the modern era gives. */
const MODERN_CODES: ReadonlySet<unknown> = new Set([
  RPC_CODES.headerMismatch,
  RPC_CODES.missingCapability,
  RPC_CODES.unsupportedRevision,
]);

/** Posts messages to one url, each with the headers that tell of it. */
export class ModernPosts implements HttpRoute {
  readonly maxBytes: number;
  readonly intake: Intake;
  readonly #peer: HttpPeer;
  readonly #url: URL;
  readonly #parameters: Readonly<Record<string, string>>;

  constructor(
    peer: HttpPeer,
    url: URL,
    { limits, memory, parameters }: Pick<
      OpenContext,
      "limits" | "memory" | "parameters"
    >,
  ) {
    this.maxBytes = limits.serverMessageBytes;
    this.intake = new Intake(memory);
    this.#peer = peer;
    this.#url = url;
    this.#parameters = parameters ? ofTool(parameters) : {};
  }

  get name(): string {
    return this.#peer.name;
  }

  post(envelope: Envelope, signal: AbortSignal): Promise<HttpAnswer> {
    const isCall = envelope.head.method === METHODS.callTool;
    return this.#peer.request({
      method: "POST",
      url: this.#url,
      headers: {
        ...(isCall && this.#parameters),
        ...modernHeaders(envelope),
        accept: `${MEDIA.json}, ${MEDIA.events}`,
        "content-type": MEDIA.json,
      },
      body: envelope.bytes,
      signal,
    });
  }

  /** Throws `NotModern` where the body of such a status is no answer. */
  async answerIn(request: Envelope, refusal: HttpAnswer): Promise<Envelope> {
    const id = request.head.id as RequestId;
    const { status } = refusal;
    for (const message of await messagesIn(refusal, id, this.maxBytes)) {
      if (message.head.kind !== "response") continue;
      if (message.head.id === id) return message;
      const { error } = message.message();
      // One that found out before it read the id.
      if (error && MODERN_CODES.has(error.code)) {
        return Envelope.error(id, error).relating(id);
      }
    }
    throw NOT_MODERN_STATUSES.includes(status)
      ? notModern(this.name, status)
      : badStatus(this.name, status);
  }

  /** No stream of this era can be gone on with (2026-07-28 `basic/transports/streamable-http` § Receiving Messages). */
  resume(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

/** Nothing else that comes from a client becomes a header. */
function ofTool(
  parameters: ReadonlyMap<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    [...parameters].filter(([name]) => name.startsWith(PARAMETER_PREFIX)),
  );
}
