// The session with a Streamable HTTP backend: its id and revision go with every request.

import { setTimeout as delay } from "node:timers/promises";
import type { OpenContext } from "../../backend.ts";
import type { Envelope } from "../../channel/envelope.ts";
import { SessionLost } from "../../channel/session_lost.ts";
import { GatewayError } from "../../errors.ts";
import { HEADERS, MEDIA } from "../../protocol/headers.ts";
import type { RequestId } from "../../protocol/messages.ts";
import type { Log } from "../../telemetry/log.ts";
import type { EventCursor } from "./event_cursor.ts";
import type { HttpAnswer } from "./http_answer.ts";
import type { HttpRoute } from "./http_call.ts";
import { badStatus, sessionLost } from "./http_failures.ts";
import type { HttpPeer } from "./http_peer.ts";
import { answerInRefusal } from "./http_refusal.ts";
import { Intake } from "./intake.ts";

/** How long the backend may take to end its session. */
const DELETE_LIMIT_MS = 2_000;
const NOT_FOUND = 404;
const METHOD_NOT_ALLOWED = 405;
/** How often in a row a stream that broke before its answer is asked for again in vain. */
const MAX_RESUME_FAILURES = 5;

/** The HTTP requests of one session (S1125 `basic/transports` § Session Management, § Protocol Version Header). */
export class HttpSession implements HttpRoute {
  /** The largest message that is read, in bytes. */
  readonly maxBytes: number;
  /** What its answers are read by. */
  readonly intake: Intake;
  readonly #peer: HttpPeer;
  readonly #url: URL;
  #id?: string;
  #revision?: string;
  #isLost = false;

  constructor(
    peer: HttpPeer,
    url: URL,
    { limits, memory }: Pick<OpenContext, "limits" | "memory">,
  ) {
    this.maxBytes = limits.serverMessageBytes;
    this.intake = new Intake(memory);
    this.#peer = peer;
    this.#url = url;
  }

  /** The backend's name. */
  get name(): string {
    return this.#peer.name;
  }

  /** Sets the negotiated revision, which later requests carry. */
  negotiated(revision: string): void {
    this.#revision = revision;
  }

  /**
   * Posts one message. A request throws `SessionLost` when the backend no longer knows
   * the session; a notification that finds it out leaves that to the next request,
   * which is then provably not run. Nothing is posted any more once a request has found it.
   */
  async post(
    { head, bytes }: Envelope,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const request = head.kind === "request" ? head.id as RequestId : undefined;
    if (this.#isLost) throw sessionLost(this.name, request);
    const known = this.#id !== undefined;
    const answer = await this.#peer.request({
      method: "POST",
      url: this.#url,
      headers: {
        ...this.#headers(),
        "accept": `${MEDIA.json}, ${MEDIA.events}`,
        "content-type": MEDIA.json,
      },
      body: bytes,
      signal,
    });
    if (known && request !== undefined && answer.status === NOT_FOUND) {
      await this.refuseIfOver(answer, request);
    }
    this.#id ??= answer.header(HEADERS.sessionId);
    return answer;
  }

  async answerIn(request: Envelope, refusal: HttpAnswer): Promise<Envelope> {
    try {
      return await answerInRefusal(this.name, request, refusal, this.maxBytes);
    } catch (error) {
      if (error instanceof SessionLost) this.#isLost = true;
      throw error;
    }
  }

  /** Asks for a stream: the standalone one, or the one that broke after `lastEventId`. Any status may come. */
  async listen(
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const headers = this.#headers();
    headers["accept"] = MEDIA.events;
    if (lastEventId !== undefined) headers[HEADERS.lastEventId] = lastEventId;
    const url = this.#url;
    const request = { method: "GET", url, headers, signal } as const;
    return await this.#peer.request(request);
  }

  async resume(
    cursor: EventCursor,
    signal: AbortSignal,
  ): Promise<HttpAnswer | undefined> {
    for (let failures = 0; failures < MAX_RESUME_FAILURES; failures++) {
      if (cursor.lastId === undefined) return undefined;
      await delay(cursor.delayMs(failures), undefined, { signal });
      const stream = await this.#tryToListen(cursor.lastId, signal);
      if (stream?.isStream) return stream;
      if (!stream) continue;
      await this.refuseIfOver(stream);
      await stream.discard();
      if (stream.status < 500) return undefined;
    }
  }

  /** Throws `SessionLost` on a 404, which says that the session is over and `request` was not read. */
  async refuseIfOver(answer: HttpAnswer, request?: RequestId): Promise<void> {
    if (answer.status !== NOT_FOUND || this.#id === undefined) return;
    // Nothing is sent in it again.
    this.#isLost = true;
    await answer.discard();
    throw sessionLost(this.name, request);
  }

  /** Tells the backend that the session is over, if it gave it an id; what it answers only matters to the log. */
  async end(log: Log): Promise<void> {
    if (this.#id === undefined || this.#isLost) return;
    const request = {
      method: "DELETE",
      url: this.#url,
      headers: this.#headers(),
      signal: AbortSignal.timeout(DELETE_LIMIT_MS),
    } as const;
    this.#id = undefined;
    try {
      const answer = await this.#peer.request(request);
      await answer.discard();
      const { ok, status } = answer;
      if (ok || status === METHOD_NOT_ALLOWED || status === NOT_FOUND) return;
      throw badStatus(this.name, status);
    } catch (error) {
      log.debug("Backend session not ended", { reason: String(error) });
    }
  }

  async #tryToListen(
    lastId: string,
    signal: AbortSignal,
  ): Promise<HttpAnswer | undefined> {
    try {
      return await this.listen(lastId, signal);
    } catch (error) {
      const unavailable = error instanceof GatewayError &&
        error.fault === "backend_unavailable";
      if (!unavailable) throw error;
    }
  }

  #headers(): Record<string, string> {
    const headers: Record<string, string> = {};
    if (this.#id !== undefined) headers[HEADERS.sessionId] = this.#id;
    if (this.#revision !== undefined) {
      headers[HEADERS.protocolVersion] = this.#revision;
    }
    return headers;
  }
}
