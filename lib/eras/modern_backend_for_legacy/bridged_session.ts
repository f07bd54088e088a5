// One session of a client of the initialize era with a server of the modern one.

import type { Backend, BackendChannel, OpenContext } from "../../backend.ts";
import { dropped } from "../../backends/dropped.ts";
import { Deadlines } from "../../channel/deadlines.ts";
import { Envelope } from "../../channel/envelope.ts";
import { requestIdOf } from "../../channel/named_ids.ts";
import { NotModern } from "../../channel/not_modern.ts";
import { Pipe } from "../../channel/pipe.ts";
import { asGatewayError, GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { RequestId } from "../../protocol/messages.ts";
import type { Log } from "../../telemetry/log.ts";
import type { Capabilities } from "../legacy_backend_for_modern/needed_capability.ts";
import { begun } from "./begun.ts";
import type { Begun } from "./begun.ts";
import { LegacyClient } from "./client.ts";
import { described } from "./described.ts";
import { Exchanges } from "./exchanges.ts";
import { handshake } from "./handshake.ts";
import type { ModernBridging } from "./modern_bridging.ts";
import { OwnQuestions } from "./own_questions.ts";
import { eraChanged, notInitialized } from "./refusals.ts";

/** What waits for the consumer in front of the server's own buffer, in bytes: one message. */
const LOOKAHEAD_BYTES = 1;

/** What a client tells its server that one of the modern era does not want to hear. */
const UNTOLD: ReadonlySet<string> = new Set([
  METHODS.initialized,
  METHODS.progress,
  "notifications/roots/list_changed",
]);

/** See `modernBackendForLegacy`. */
export class BridgedSession implements BackendChannel {
  readonly #name: string;
  readonly #bridging: ModernBridging;
  readonly #log: Log;
  readonly #out: Pipe<Envelope>;
  readonly #deadlines = new Deadlines();
  readonly #exchanges: Exchanges;
  readonly #own: OwnQuestions;
  readonly #tell = (envelope: Envelope) => void this.#hand(envelope);
  readonly #reading: Promise<void>;
  #begun?: Begun;
  #end?: GatewayError;

  private constructor(
    { name }: Backend,
    { memory, session }: OpenContext,
    bridging: ModernBridging,
    exchanges: Exchanges,
  ) {
    this.#name = name;
    this.#bridging = bridging;
    this.#log = bridging.log.with({ server: name, session });
    this.#out = new Pipe(LOOKAHEAD_BYTES, ({ bytes }) => bytes.length, memory);
    this.#exchanges = exchanges;
    this.#own = new OwnQuestions(name, exchanges);
    this.#reading = this.#read();
  }

  static async open(
    modern: Backend,
    context: OpenContext,
    bridging: ModernBridging,
  ): Promise<BridgedSession> {
    const exchanges = await Exchanges.open(
      modern,
      context,
      (envelope) => session.#hear(envelope),
    );
    const session = new BridgedSession(modern, context, bridging, exchanges);
    return session;
  }

  async send(envelope: Envelope): Promise<void> {
    if (this.#end) throw this.#end;
    const { kind } = envelope.head;
    if (kind === "request") await this.#ask(envelope);
    else if (kind === "notification") await this.#told(envelope);
    else if (!this.#begun?.calls.questions.answered(envelope)) {
      this.#drop("client", envelope, "nobody has asked for it");
    }
  }

  async close(reason?: Error): Promise<void> {
    this.#end ??= new GatewayError(
      "backend_unavailable",
      `The session with server "${this.#name}" has ended`,
    );
    this.#letGo(this.#end);
    this.#out.drop();
    await this.#exchanges.close(reason);
    await this.#reading;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#out[Symbol.asyncIterator]();
  }

  async #ask(request: Envelope): Promise<void> {
    const { id, method } = request.head;
    if (method === METHODS.initialize) return void this.#initialize(request);
    if (!this.#begun) {
      return this.#tell(Envelope.failure(id as RequestId, notInitialized()));
    }
    const { calls, local } = this.#begun;
    const answer = local.answer(request);
    if (!answer) return await calls.begin(request);
    void answer.then(this.#tell);
  }

  /** The answer of the server to `server/discover` is the answer to it, and whether there is a session. */
  async #initialize(request: Envelope): Promise<void> {
    const client = new LegacyClient(request);
    const { openMs } = this.#bridging.timeouts;
    const discover = () => this.#own.ask(client, METHODS.discover, openMs);
    try {
      const { answer, capabilities } = await handshake(
        this.#name,
        request,
        client,
        discover,
      );
      if (capabilities) this.#begin(client, capabilities);
      this.#tell(answer);
    } catch (error) {
      // Whoever ended it tells why.
      if (this.#end) return;
      const id = request.head.id as RequestId;
      this.#tell(Envelope.failure(id, asGatewayError(error)));
    }
  }

  #begin(client: LegacyClient, capabilities: Capabilities): void {
    // One that begins anew in the same session has nothing of the old one.
    this.#begun?.watch.end();
    const { hasHeaders, timeouts } = this.#bridging;
    this.#begun = begun({
      name: this.#name,
      client,
      capabilities,
      exchanges: this.#exchanges,
      own: this.#own,
      deadlines: this.#deadlines,
      hasHeaders,
      maxMs: timeouts.requestMaxMs,
      log: this.#log,
      tell: this.#tell,
    });
  }

  async #told(notice: Envelope): Promise<void> {
    const { method = "" } = notice.head;
    if (!this.#begun) return this.#drop("client", notice, "it came too soon");
    const { client, calls, watch } = this.#begun;
    if (method === METHODS.cancelled) calls.cancelled(requestIdOf(notice));
    else if (method === METHODS.initialized) watch.begin();
    else if (!UNTOLD.has(method)) {
      await this.#exchanges.send(described(notice, client));
    }
  }

  async #read(): Promise<void> {
    try {
      await this.#exchanges.run();
      this.#break(
        new GatewayError("backend_unavailable", `Server "${this.#name}" left`),
      );
    } catch (error) {
      this.#break(asGatewayError(error));
    }
  }

  /** Passes on what the server says; a promise where that has to be waited for. */
  #hear(envelope: Envelope): Promise<unknown> | undefined {
    const { kind, id } = envelope.head;
    const { calls, watch } = this.#begun ?? {};
    if (kind === "request") {
      this.#drop("backend", envelope, "no server of this era asks its client");
    } else if (kind === "notification") {
      if (watch?.heard(envelope)) return undefined;
      return this.#hand(calls?.related(envelope) ?? envelope);
    } else if (id !== null && id !== undefined) {
      const isKnown = this.#own.answered(envelope) ||
        watch?.answered(envelope) || calls?.heard(envelope);
      if (!isKnown) this.#drop("backend", envelope, "nobody waits for it");
      if (calls && envelope.tells instanceof NotModern) {
        this.#break(eraChanged(this.#name));
      }
    }
    return undefined;
  }

  #hand(envelope: Envelope): Promise<unknown> | undefined {
    return this.#out.offer(envelope) ? undefined : this.#out.put(envelope);
  }

  #break(reason: GatewayError): void {
    if (this.#end) return;
    this.#end = reason;
    this.#letGo(reason);
    this.#out.end(reason);
  }

  #letGo(reason: GatewayError): void {
    this.#own.giveUp(reason);
    this.#begun?.calls.drop();
    this.#begun?.watch.end();
    this.#deadlines.clear();
  }

  #drop(from: "client" | "backend", envelope: Envelope, why: string): void {
    this.#log.debug("Message dropped", dropped(from, envelope, why));
  }
}
