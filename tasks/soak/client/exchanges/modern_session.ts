// A client of the modern era: one request after the other, each for itself, under one name for all clients of a token.

import { setTimeout as delay } from "node:timers/promises";
import { Exchange } from "../../wire/exchange.ts";
import { ConnectionBroken } from "../../wire/socket_reader.ts";
import type { Heard, Outcome } from "../pending_calls.ts";
import { headersOf, SoakSession } from "../session.ts";
import type { Running, SessionOptions } from "../session.ts";
import type { World } from "../../world.ts";
import type { SoakToken } from "../../servers/servers.ts";
import { described, repeating, serverOf, wrongInResult } from "./envelope.ts";
import type { Described } from "./envelope.ts";
import { answersTo, inputRequiredIn, retryOf } from "./input_required.ts";
import type { InputRequired } from "./input_required.ts";
import { readAnswer } from "./read_answer.ts";

/** How long a client takes to answer a question. */
const ANSWER_AFTER_MS = 20;
const CAPABILITY_MISSING = -32021;
/** How often a call asks at most. */
const MOST_ROUNDS = 5;

/** How a request is asked. */
export interface Asking {
  /** Whose it is; absent: the session's own. */
  readonly token?: SoakToken;
  /** Takes what comes before the answer; the answer may take as long as it likes then. */
  readonly hear?: (notice: Heard) => void;
}

/** One request and its answer. */
export interface Round {
  readonly id: string | number;
  readonly outcome: Promise<Outcome>;
  /** Drops its connection, and waits no more. */
  leave(how: "close" | "reset"): void;
  /** Reads nothing of its answer for a while. */
  hold(forMs: number): void;
}

/** See `SoakSession`. */
export class ModernSession extends SoakSession {
  readonly transport = "exchanges";
  #fault?: string;

  /** A server that is shared cannot tell the clients of one token apart: they have one name. */
  constructor(options: SessionOptions, world: World) {
    super(options, options.token.name, world);
  }

  get sharing(): string {
    return this.shared;
  }

  nonce(): string {
    return `${this.identity}/${this.name}/${this.next()}`;
  }

  greeting(fault?: string): Heard {
    this.#fault = fault;
    return this.request("server/discover", {});
  }

  serverIn(result: unknown): string | undefined {
    return serverOf(result);
  }

  /** Who cannot be asked cannot call what asks. */
  mayRefuse(tool: string, text: string): boolean {
    if (tool !== "whoami" || this.options.canBeAsked) return false;
    return JSON.parse(text).error?.code === CAPABILITY_MISSING;
  }

  override request(method: string, params: object): Described {
    const request = super.request(method, params);
    const capabilities = this.capabilities(this.#fault);
    return described(request, this.identity, capabilities);
  }

  async open(greeting: Heard): Promise<Outcome> {
    const outcome = await this.start(greeting).outcome;
    this.state = outcome.kind === "result" ? "open" : "over";
    return outcome;
  }

  start(message: Heard): Running {
    let round = this.ask(message as Described);
    let left = false;
    const next = (retry: Described) => {
      if (left || this.state === "over") return undefined;
      return round = this.ask(retry);
    };
    const outcome = this.#untilAnswered(round, message as Described, next);
    return {
      id: round.id,
      outcome,
      resumable: outcome.then(() => undefined),
      leave(how) {
        left = true;
        round.leave(how);
      },
      interrupt() {},
      hold: (forMs) => round.hold(forMs),
    };
  }

  /** Asks once: a question is an answer as well. */
  ask(request: Described, asking: Asking = {}): Round {
    const { id } = request;
    const exchange = this.#post(request, asking.token ?? this.token);
    const outcome = this.pending.enter(id);
    const clear = asking.hear ? () => {} : this.limit(id, request.method);
    let held: Promise<unknown> = Promise.resolve();
    this.track(
      Promise.resolve().then(() => held)
        .then(() => this.#follow(exchange, id, asking)).finally(clear),
    );
    return {
      id,
      outcome,
      leave: (how) => {
        if (this.pending.waits(id)) this.pending.settle(id, { kind: "left" });
        if (how === "reset") exchange.reset();
        else exchange.leave();
      },
      hold(forMs) {
        held = delay(forMs);
      },
    };
  }

  /** The request that answers what the server wants to know; without `responses` it does not. */
  retry(
    request: Described,
    { requestState }: InputRequired,
    responses?: object,
  ): Described {
    const { id } = super.request(request.method, {});
    return retryOf(request, id as string | number, requestState, responses);
  }

  /** The right answers to questions; finds any that is not for this call. */
  answers(asked: InputRequired, { params }: Described): object {
    const { nonce } = params.arguments as { readonly nonce: string };
    const { responses, wrong } = answersTo(asked, this.identity, nonce);
    this.world.findings.count("questions answered");
    if (wrong !== undefined) this.#fail(wrong);
    return responses;
  }

  takeBack(running: Running): void {
    running.leave("close");
  }

  /** Only answers to questions are said so, which are not asked like that here. */
  say(): void {
    this.#fail("a request from its server");
  }

  async stall(forMs: number): Promise<void> {
    this.excuses.stalledAt = performance.now();
    const notifications = { toolsListChanged: true };
    const listen = this.request("subscriptions/listen", { notifications });
    const exchange = this.#post(listen, this.token);
    await delay(forMs);
    exchange.reset();
    this.exchanges.delete(exchange);
  }

  end(): Promise<void> {
    this.state = "over";
    return Promise.resolve();
  }

  async #untilAnswered(
    first: Round,
    message: Described,
    next: (retry: Described) => Round | undefined,
  ): Promise<Outcome> {
    let request = message;
    let round: Round | undefined = first;
    for (let count = 1; round; count++) {
      if (count > MOST_ROUNDS) this.#fail("questions without an end");
      const outcome = await round.outcome;
      const asked = inputRequiredIn(outcome);
      if (!asked) return outcome;
      const answers = this.answers(asked, request);
      await delay(ANSWER_AFTER_MS);
      request = this.retry(request, asked, answers);
      round = next(request);
    }
    return { kind: "left" };
  }

  #post(message: Described, token: SoakToken): Exchange {
    const exchange = new Exchange(this.world.address, {
      method: "POST",
      path: `/${this.server.name}/mcp`,
      headers: { ...headersOf(token), ...repeating(message) },
      body: JSON.stringify(message),
    });
    this.exchanges.add(exchange);
    this.world.findings.count("exchanges");
    return exchange;
  }

  /** Reads what comes of a request to its end. */
  async #follow(
    exchange: Exchange,
    id: string | number,
    { hear }: Asking,
  ): Promise<void> {
    try {
      await readAnswer(exchange, {
        message: (message) => {
          if (!hear) this.#take(message);
          else if (message.method !== undefined) hear(message);
          else this.pending.take(message);
        },
        refused: (status, text) => {
          if (!this.pending.waits(id)) return;
          this.pending.settle(id, { kind: "refused", status, text });
        },
        wrong: (what) => this.#fail(what),
      });
      this.lose(id, "the answer ended without it");
    } catch (error) {
      if (!(error instanceof ConnectionBroken)) throw error;
      if (!exchange.left) this.lose(id, `${error.message} before the answer`);
    } finally {
      this.exchanges.delete(exchange);
      if (this.pending.waits(id)) this.pending.settle(id, { kind: "left" });
    }
  }

  #take(message: Heard): void {
    const wrong = "result" in message &&
      wrongInResult(message.result, this.server.says);
    if (wrong) this.#fail(wrong);
    this.pending.take(message);
  }

  #fail(what: string): void {
    const text = `${this.described} got ${what}`;
    this.world.findings.fail("wrong answer", text);
  }
}
