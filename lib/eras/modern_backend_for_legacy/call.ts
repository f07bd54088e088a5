// A request of the client on its way: to the server as often as that asks for input, and back as the client knows it.

import { randomUUID } from "node:crypto";
import type { Deadline } from "../../channel/deadlines.ts";
import { Envelope } from "../../channel/envelope.ts";
import { memberOf, withMembers } from "../../channel/object_members.ts";
import type { MemberChanges } from "../../channel/object_members.ts";
import { asGatewayError } from "../../errors.ts";
import type { GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import { RPC_CODES } from "../../protocol/messages.ts";
import type { RequestId, RpcError } from "../../protocol/messages.ts";
import { commonModernRevision } from "../../protocol/versions.ts";
import { described } from "./described.ts";
import { resultTypeIn, withResult } from "./legacy_result.ts";
import { legacyError, strangeResult, tooLong } from "./refusals.ts";
import { Rounds } from "./rounds.ts";
import type { RoundsOptions } from "./rounds.ts";
import { toolResultChanges } from "./tool_result.ts";
import type { Tools } from "./tools.ts";

/** The requests whose results may ask for input (2026-07-28 `basic/patterns/mrtr` § Supported Requests). */
const MAY_ASK: ReadonlySet<string> = new Set([
  METHODS.callTool,
  METHODS.getPrompt,
  METHODS.readResource,
]);

/** The session that a call belongs to. */
export interface Bearer extends RoundsOptions {
  readonly tools: Tools;
  /** How long a call may take in all its rounds, in milliseconds. */
  readonly maxMs: number;
  /** Sends it to the server, with headers that repeat arguments where there are any; the call hears the answer. */
  send(
    call: Call,
    request: Envelope,
    headers?: Map<string, string>,
  ): Promise<void>;
  /** The server is not to go on with what was sent last. */
  cancel(call: Call): void;
  /** Learns the tools anew. */
  relist(): Promise<void>;
  /** The call is over: what its client is told last. */
  end(call: Call, last: readonly Envelope[]): void;
}

/** One call, from its first message to its answer. */
export class Call {
  readonly id: RequestId;
  readonly #bearer: Bearer;
  readonly #request: Envelope;
  readonly #method: string;
  readonly #rounds: Rounds;
  readonly #began = performance.now();
  #sentAs: RequestId;
  #hasTriedAgain = false;
  #isOver = false;
  #deadline?: Deadline;

  constructor(request: Envelope, bearer: Bearer) {
    this.id = request.head.id as RequestId;
    this.#method = request.head.method as string;
    this.#bearer = bearer;
    this.#request = request;
    this.#rounds = new Rounds(bearer, this.id);
    this.#sentAs = this.id;
  }

  /** What the server knows it by. */
  get sentAs(): RequestId {
    return this.#sentAs;
  }

  /** Sends it for the first time; resolves when that is done. Throws `invalid_message`. */
  begin(): Promise<void> {
    return this.#send();
  }

  /** Takes what the server answered last. Never rejects. */
  async heard(answer: Envelope): Promise<void> {
    try {
      if (answer.head.failed) await this.#refused(answer);
      else await this.#succeeded(answer);
    } catch (error) {
      this.#fail(asGatewayError(error));
    }
  }

  /** Nobody waits for it any more. */
  cancel(): void {
    this.#over("The request was cancelled");
    this.#bearer.cancel(this);
  }

  async #succeeded(answer: Envelope): Promise<void> {
    const { name } = this.#bearer;
    const found = resultTypeIn(answer);
    if (!found) throw strangeResult(name, "a result that is no object");
    const { result, type } = found;
    if (type === "complete") return this.#complete(answer, result);
    if (type !== "input_required" || !MAY_ASK.has(this.#method)) {
      const shown = JSON.stringify(type);
      throw strangeResult(name, `a result of the type ${shown}`);
    }
    this.#limit();
    const params = await this.#rounds.next(result);
    if (!this.#isOver) await this.#sendAgain(params);
  }

  #complete(answer: Envelope, result: Uint8Array): void {
    const changes = this.#changesOf(answer, result);
    this.#answer(answer, withResult(answer, this.#method, result, changes));
  }

  #changesOf(answer: Envelope, result: Uint8Array): MemberChanges {
    const { tools } = this.#bearer;
    if (this.#method === METHODS.listTools) {
      const listed = tools.learn(answer, result);
      return listed ? { tools: listed } : {};
    }
    if (this.#method !== METHODS.callTool) return {};
    return toolResultChanges(result, tools.wraps(this.#params.name));
  }

  async #refused(answer: Envelope): Promise<void> {
    const { name } = this.#bearer;
    if (answer.tells) return this.#fail(answer.tells);
    const error = answer.message().error as RpcError;
    if (!this.#hasTriedAgain && await this.#canTryAgain(error)) {
      this.#hasTriedAgain = true;
      if (!this.#isOver) await this.#sendAgain();
      return;
    }
    const legacy = legacyError(name, error);
    if (legacy === error) return this.#answer(answer, answer.bytes);
    this.#end(Envelope.error(this.id, legacy));
  }

  /** Whether what was wrong is put right by now: the headers of a call, or the revision. */
  async #canTryAgain({ code, data }: RpcError): Promise<boolean> {
    const { client, tools } = this.#bearer;
    if (code === RPC_CODES.headerMismatch) {
      if (this.#method !== METHODS.callTool || !tools.hasHeaders) return false;
      await this.#bearer.relist();
      return true;
    }
    if (code !== RPC_CODES.unsupportedRevision) return false;
    const { supported } = (data ?? {}) as { readonly supported?: unknown };
    const revision = commonModernRevision(supported);
    if (revision === undefined || revision === client.modernRevision) {
      return false;
    }
    client.modernRevision = revision;
    return true;
  }

  #send(params?: MemberChanges): Promise<void> {
    const { client, tools } = this.#bearer;
    const id = this.#sentAs === this.id ? undefined : String(this.#sentAs);
    const request = described(this.#request, client, { id, params });
    const { name, arguments: args } = this.#params;
    const headers = this.#method === METHODS.callTool
      ? tools.headersOf(name, args)
      : undefined;
    return this.#bearer.send(this, request, headers);
  }

  /** Each try is a request of its own (2026-07-28 `basic/patterns/mrtr` § Client Requirements). */
  #sendAgain(params?: MemberChanges): Promise<void> {
    this.#sentAs = `mcp-front-${randomUUID()}`;
    return this.#send(params);
  }

  get #params(): Readonly<Record<string, unknown>> {
    return this.#request.message().params ?? {};
  }

  /** From the first question on, all rounds together have their time: it is not only the server that takes it. */
  #limit(): void {
    const { deadlines, name, maxMs } = this.#bearer;
    if (this.#deadline) return;
    const spentMs = performance.now() - this.#began;
    this.#deadline = deadlines.start(Math.max(0, maxMs - spentMs), () => {
      this.#bearer.cancel(this);
      this.#fail(tooLong(name, maxMs));
    });
  }

  /** The server's own words, but for an id that is not the client's. */
  #answer(answer: Envelope, bytes: Uint8Array): void {
    const id = memberOf(this.#request.bytes, "id") as Uint8Array;
    const json = this.#sentAs === this.id
      ? bytes
      : withMembers(bytes, { id }) as Uint8Array;
    this.#end(answer.renamed(json, this.id, this.id));
  }

  #fail(reason: GatewayError): void {
    this.#end(Envelope.failure(this.id, reason));
  }

  #end(answer: Envelope): void {
    if (this.#isOver) return;
    this.#over("The request was answered");
    const visits = this.#rounds.visits.map((id) => visited(id));
    const belonging = [...visits, answer].map((one) => one.relating(this.id));
    this.#bearer.end(this, belonging);
  }

  #over(reason: string): void {
    this.#isOver = true;
    this.#bearer.deadlines.end(this.#deadline);
    this.#rounds.end(reason);
  }
}

/** The server does not ask any more (2025-11-25 `client/elicitation` § Completion Notifications). */
function visited(elicitationId: string): Envelope {
  const method = "notifications/elicitation/complete";
  const params = { elicitationId };
  return Envelope.of({ jsonrpc: "2.0", method, params });
}
