// The calls of one session that are on their way.

import type { Deadlines } from "../../channel/deadlines.ts";
import { Envelope } from "../../channel/envelope.ts";
import { asGatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import { idKey } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { Call } from "./call.ts";
import type { Bearer } from "./call.ts";
import type { LegacyClient } from "./client.ts";
import type { Exchanges } from "./exchanges.ts";
import { resultTypeIn } from "./legacy_result.ts";
import type { OwnQuestions } from "./own_questions.ts";
import { Questions } from "./questions.ts";
import type { Tools } from "./tools.ts";

/** How far the list of tools is read, in pages. */
const MAX_PAGES = 100;
/** How long a call waits for a page, in milliseconds. */
const LIST_LIMIT_MS = 10_000;

/** What the calls of a session need. */
export interface CallsOptions {
  /** The name of the server. */
  readonly name: string;
  readonly client: LegacyClient;
  readonly tools: Tools;
  readonly exchanges: Exchanges;
  readonly own: OwnQuestions;
  readonly deadlines: Deadlines;
  /** See `Bearer`. */
  readonly maxMs: number;
  tell(envelope: Envelope): void;
}

/** See its file. */
export class Calls implements Bearer {
  readonly name: string;
  readonly client: LegacyClient;
  readonly tools: Tools;
  readonly deadlines: Deadlines;
  readonly maxMs: number;
  readonly questions: Questions;
  readonly #options: CallsOptions;
  /** By the keys of the client's ids. */
  readonly #open = new Map<string, Call>();
  /** By the keys of the ids that the server knows. */
  readonly #sent = new Map<string, Call>();

  constructor(options: CallsOptions) {
    this.#options = options;
    this.name = options.name;
    this.client = options.client;
    this.tools = options.tools;
    this.deadlines = options.deadlines;
    this.maxMs = options.maxMs;
    this.questions = new Questions(options.tell);
  }

  /** Takes a request of the client, and sees to its answer. */
  async begin(request: Envelope): Promise<void> {
    const call = new Call(request, this);
    this.#open.set(idKey(call.id), call);
    try {
      await call.begin();
    } catch (error) {
      const failure = Envelope.failure(call.id, asGatewayError(error));
      this.end(call, [failure]);
    }
  }

  /** The client has cancelled a request. */
  cancelled(id: RequestId | undefined): void {
    const call = this.#open.get(id === undefined ? "" : idKey(id));
    if (!call) return;
    this.#open.delete(idKey(call.id));
    call.cancel();
  }

  /** Takes an answer of the server; `false` where no call waits for it. */
  heard(answer: Envelope): boolean {
    const key = idKey(answer.head.id as RequestId);
    const call = this.#sent.get(key);
    if (!call) return false;
    this.#sent.delete(key);
    void call.heard(answer);
    return true;
  }

  /** The same notification as one that belongs to the client's request. */
  related(notice: Envelope): Envelope {
    const { relatesTo } = notice;
    if (relatesTo === null || relatesTo === undefined) return notice;
    const call = this.#sent.get(idKey(relatesTo));
    return call ? notice.relating(call.id) : notice;
  }

  /** None of them goes on. */
  drop(): void {
    this.questions.drop();
    this.#open.clear();
    this.#sent.clear();
  }

  send(
    call: Call,
    request: Envelope,
    headers?: Map<string, string>,
  ): Promise<void> {
    this.#sent.set(idKey(call.sentAs), call);
    return this.#options.exchanges.send(request, headers);
  }

  cancel(call: Call): void {
    const isUnderWay = this.#sent.delete(idKey(call.sentAs));
    if (isUnderWay) this.#options.exchanges.cancel(call.sentAs);
  }

  async relist(): Promise<void> {
    const { client, own } = this.#options;
    let cursor: unknown;
    for (let page = 0; page < MAX_PAGES; page++) {
      const params = cursor === undefined ? {} : { cursor };
      const method = METHODS.listTools;
      const answer = await own.ask(client, method, LIST_LIMIT_MS, params);
      const found = answer.head.failed ? undefined : resultTypeIn(answer);
      if (!found) return;
      this.tools.learn(answer, found.result);
      const { nextCursor } = answer.message().result as {
        readonly nextCursor?: unknown;
      };
      if (typeof nextCursor !== "string") return;
      cursor = nextCursor;
    }
  }

  end(call: Call, last: readonly Envelope[]): void {
    this.#open.delete(idKey(call.id));
    this.#sent.delete(idKey(call.sentAs));
    for (const envelope of last) this.#options.tell(envelope);
  }
}
