// What is done for one exchange, by its method.

import type { BackendChannel, OpenContext } from "../../backend.ts";
import type { Envelope } from "../../channel/envelope.ts";
import { GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import { resultOf } from "./answers.ts";
import type { Asker } from "./asker.ts";
import type { Bridge } from "./bridge.ts";
import { objectIn } from "./bridged_request.ts";
import type { BridgedRequest } from "./bridged_request.ts";
import { Call } from "./call.ts";
import { clientSide } from "./client_side.ts";
import type { ClientSessions } from "./client_sessions.ts";
import { inputResponsesIn, mayRequireInput } from "./input_required.ts";
import { discoveryOf } from "./introduction.ts";
import type { Lease, Need } from "./lease.ts";
import { Listening } from "./listening.ts";
import { checkMirrored } from "./mirrored_parameters.ts";
import { canBeAsked } from "./needed_capability.ts";
import { noSuchMethod } from "./refusals.ts";
import { Standing } from "./standing.ts";

/** What a legacy server knows and this revision does not (2026-07-28 changelog), or cannot be bridged. */
const NOT_IN_THIS_ERA: ReadonlySet<string> = new Set([
  "initialize",
  "ping",
  "logging/setLevel",
  "resources/subscribe",
  "resources/unsubscribe",
  "tasks/get",
  "tasks/update",
  "tasks/cancel",
  "tasks/list",
  "tasks/result",
]);

const SHARED: Need = { kind: "shared" };

/** An exchange that knows whom its request is for. */
export type ExchangeAsker = Asker & Required<Pick<BackendChannel, "addressee">>;

/** Serves one request. */
export class Service {
  readonly #asker: ExchangeAsker;
  readonly #bridge: Bridge;
  readonly #context: OpenContext;
  readonly #leaving = new AbortController();
  /** What is to be ended when the client leaves. */
  #work?: Call | Listening;

  constructor(asker: ExchangeAsker, bridge: Bridge, context: OpenContext) {
    this.#asker = asker;
    this.#bridge = bridge;
    this.#context = context;
  }

  /** Begins what a request asks for. Throws why that is not done. */
  async serve(request: BridgedRequest): Promise<void> {
    const { method, params } = request;
    const isRetry = "requestState" in params && mayRequireInput(method);
    if (NOT_IN_THIS_ERA.has(method)) throw noSuchMethod(method);
    if (isRetry) this.#resume(request);
    else if (method === METHODS.discover) await this.#discover(request);
    else if (method === METHODS.listen) await this.#listen(request);
    else await this.run(request);
  }

  /** Runs a request in a session. Throws why it cannot. */
  async run(request: BridgedRequest): Promise<void> {
    const { envelope, method, capabilities } = request;
    const mayBeAsked = mayRequireInput(method);
    const isAlone = mayBeAsked && canBeAsked(capabilities);
    const need: Need = isAlone
      ? { kind: "alone", addressee: this.#addressee(envelope) }
      : SHARED;
    const { lease, sessions } = await this.#lease(request, need);
    const owner = this.#context.principal;
    const { name, tickets, gatherMs } = this.#bridge;
    const call = new Call(this.#asker, {
      lease,
      owner,
      mayBeAsked,
      standing: new Standing(owner, name),
      tickets,
      tools: sessions.tools,
      gatherMs,
    });
    try {
      if (method === METHODS.callTool) {
        await this.#checkParameters(request, lease, sessions);
      }
      await lease.session.hearFrom(request.level, () => {
        this.#leaving.signal.throwIfAborted();
        this.#work = call;
        call.start();
      });
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  /** The client has left: what was begun is ended. */
  abandon(reason: GatewayError): void {
    this.#leaving.abort(reason);
    this.#work?.abandon(this.#asker);
  }

  /** What waits for this retry goes on. What its answers are is looked at first: the state is good for once only. */
  #resume(request: BridgedRequest): void {
    const responses = inputResponsesIn(request);
    const owner = this.#context.principal;
    const parked = this.#bridge.tickets.redeem(request, owner);
    if (parked instanceof Call) this.#work = parked;
    parked.resume(this.#asker, responses);
  }

  async #discover(request: BridgedRequest): Promise<void> {
    const { lease } = await this.#lease(request, SHARED);
    lease.release();
    const { introduction } = lease.session;
    if (!introduction) throw gone(this.#bridge.name);
    const result = discoveryOf(introduction);
    this.#asker.answer(resultOf(request, result, introduction));
  }

  async #listen(request: BridgedRequest): Promise<void> {
    const { lease, sessions } = await this.#lease(request, SHARED);
    const listening = new Listening(this.#asker, lease, sessions);
    this.#work = listening;
    try {
      this.#leaving.signal.throwIfAborted();
      await listening.open();
    } catch (error) {
      listening.abandon();
      throw error;
    }
  }

  /** Which of several servers a request is for; nothing where there is one, or it is not known. */
  #addressee(envelope: Envelope): string | undefined {
    const addressee = this.#asker.addressee(envelope);
    return addressee === this.#bridge.name ? undefined : addressee;
  }

  /** What a header repeats has to be what the argument says (2026-07-28 `basic/transports/streamable-http` § Server Behavior for Custom Headers). */
  async #checkParameters(
    { params }: BridgedRequest,
    { session }: Lease,
    { tools }: ClientSessions,
  ): Promise<void> {
    const { parameters: fields } = this.#context;
    const { name, arguments: args } = params;
    if (!fields || typeof name !== "string") return;
    const isPlain = fields.size === 0 &&
      Object.keys(objectIn(args)).length === 0;
    if (isPlain || !session.introduction?.capabilities.tools) return;
    const parameters = await tools.parametersOf(
      name,
      (method, params) => session.ask(method, params),
    );
    checkMirrored(parameters, args, fields);
  }

  async #lease(
    request: BridgedRequest,
    need: Need,
  ): Promise<{ lease: Lease; sessions: ClientSessions }> {
    const client = clientSide(request, this.#context);
    return await this.#bridge.pool.acquire(client, need, this.#leaving.signal);
  }
}

function gone(name: string): GatewayError {
  const message = `Server "${name}" ended the session`;
  return new GatewayError("backend_unavailable", message);
}
