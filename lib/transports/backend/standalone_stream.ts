// The stream on which a Streamable HTTP backend says what belongs to no request; kept open, if the backend offers it.

import { setTimeout as delay } from "node:timers/promises";
import type { Envelope } from "../../channel/envelope.ts";
import { oneByOne } from "../../channel/one_by_one.ts";
import { SessionLost } from "../../channel/session_lost.ts";
import { GatewayError } from "../../errors.ts";
import type { Log } from "../../telemetry/log.ts";
import { readMessages } from "../read_messages.ts";
import { readSseEvents } from "../sse_events.ts";
import type { SseEvent } from "../sse_events.ts";
import { EventCursor } from "./event_cursor.ts";
import type { HttpAnswer } from "./http_answer.ts";
import type { HttpSession } from "./http_session.ts";

/** How often in a row the stream may break at once before it is given up. */
const MAX_FAILURES = 10;
/** A stream that lived this long was no failure, whatever ended it. */
const STABLE_AFTER_MS = 5_000;

/** Reads the standalone stream of one session (S1125 `basic/transports` § Listening for Messages). */
export class StandaloneStream {
  readonly #session: HttpSession;
  readonly #deliver: (envelope: Envelope) => Promise<unknown> | undefined;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  readonly #cursor = new EventCursor();
  readonly #tried = Promise.withResolvers<void>();
  #opened = false;

  constructor(
    session: HttpSession,
    deliver: (envelope: Envelope) => Promise<unknown> | undefined,
    log: Log,
  ) {
    this.#session = session;
    this.#deliver = deliver;
    this.#log = log;
  }

  /** Resolves when the stream is open for the first time, or it is clear that it will not be. */
  get tried(): Promise<void> {
    return this.#tried.promise;
  }

  /** Runs until `stop()`, or until there is no stream to be had. Throws `SessionLost` when the session is over. */
  async run(): Promise<void> {
    try {
      await this.#keepListening();
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      if (error instanceof SessionLost) throw error;
      const reason = error instanceof GatewayError ? error.message : "";
      this.#log.warn("Backend's standalone stream given up", { reason });
    } finally {
      this.#tried.resolve();
    }
  }

  /** Lets go of the stream. */
  stop(): void {
    this.#stopping.abort();
  }

  async #keepListening(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; failures < MAX_FAILURES; failures++) {
      const start = performance.now();
      if (await this.#listen() === "not_offered") return;
      if (performance.now() - start > STABLE_AFTER_MS) failures = 0;
      await delay(this.#cursor.delayMs(failures), undefined, { signal });
    }
    this.#log.warn("Backend's standalone stream given up", {
      reason: `it broke ${MAX_FAILURES} times in a row`,
    });
  }

  /** One stream from its begin to its end. */
  async #listen(): Promise<"not_offered" | "ended"> {
    const { signal } = this.#stopping;
    try {
      const stream = await this.#session.listen(this.#cursor.lastId, signal);
      if (stream.isStream) {
        this.#opened = true;
        this.#tried.resolve();
        await this.#read(stream);
        return "ended";
      }
      if (this.#opened) await this.#session.refuseIfOver(stream);
      await stream.discard();
      // Servers without the stream answer 405, and careless ones 400 or 404.
      return stream.status < 500 ? "not_offered" : "ended";
    } catch (error) {
      const fatal = error instanceof GatewayError &&
        error.fault !== "backend_unavailable";
      if (signal.aborted || fatal || error instanceof SessionLost) {
        throw error;
      }
      return "ended";
    }
  }

  async #read(stream: HttpAnswer): Promise<void> {
    const events = readSseEvents(stream.chunks(), this.#session.maxBytes);
    const take = (event: SseEvent) => this.#take(event);
    for await (const some of events) await oneByOne(some, take);
  }

  #take(event: SseEvent): Promise<void> | undefined {
    this.#cursor.see(event);
    if (event.data.length === 0 || event.event !== "message") return undefined;
    return oneByOne(this.#messages(event.data), this.#deliver);
  }

  #messages(json: Uint8Array): Envelope[] {
    try {
      return readMessages(json, null);
    } catch {
      this.#log.warn("Backend sent an event that is not a message", {
        bytes: json.length,
      });
      return [];
    }
  }
}
