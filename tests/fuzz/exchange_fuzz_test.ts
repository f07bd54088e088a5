// In whatever order modern clients and a legacy server act, each exchange is answered once, and nothing is left behind.

import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { it } from "node:test";
import fc from "fast-check";
import { within } from "../../lib/channel/within.ts";
import { GatewayError } from "../../lib/errors.ts";
import type { Message } from "../../lib/protocol/messages.ts";
import { Bridged, retryOf } from "../support/bridged_clients.ts";
import type { BridgedExchange } from "../support/bridged_clients.ts";
import type { PlayedSession } from "../support/played_server.ts";
import { CAPABLE } from "../support/puppet_root.ts";
import { holds, LIMIT } from "./fuzz.ts";

const METHODS = [
  "tools/call",
  "tools/call",
  "prompts/get",
  "tools/list",
  "server/discover",
  "subscriptions/listen",
  "x/do",
] as const;
const CAPABILITIES = [{}, { elicitation: {} }, { sampling: {}, roots: {} }];
const QUESTIONS = [
  "elicitation/create",
  "sampling/createMessage",
  "roots/list",
];
const FILTER = { toolsListChanged: true, resourceSubscriptions: ["a://1"] };

const SOON_MS = 5_000;

/** What happens, and to which of those that there are. */
const DEEDS = [
  "ask",
  "ask",
  "retry",
  "leave",
  "answer",
  "answer",
  "refuse",
  "question",
  "question",
  "take back",
  "notify",
  "end",
  "time passes",
] as const;
type Deed = readonly [deed: typeof DEEDS[number], which: number];

/** The two sides of one run. */
class Run {
  readonly bridged: Bridged;
  readonly exchanges: BridgedExchange[] = [];
  /** Whether the server's transport tells which request a message belongs to. */
  readonly #relates: boolean;
  #questions = 0;

  constructor(relates: boolean) {
    this.bridged = new Bridged({
      bounds: { clientSides: 2, sessions: 2, patienceMs: 1 },
      parking: { waitMs: 5, perPrincipal: 2, inAll: 3 },
      limits: { requestMs: 20, idleMs: 10 },
    });
    this.#relates = relates;
  }

  async do([deed, which]: Deed): Promise<void> {
    const exchange = this.exchanges[which % (this.exchanges.length || 1)];
    const sessions = this.bridged.server.sessions;
    const session = sessions[which % (sessions.length || 1)];
    if (deed === "ask") await this.#ask(which);
    else if (deed === "retry" && exchange) await this.#retry(exchange, which);
    else if (deed === "leave" && exchange) await exchange.channel.close();
    else if (deed === "time passes") await setImmediate();
    else if (session) this.#play(deed, session, which);
    // What was said is heard before the next thing happens, mostly.
    if (which % 3 !== 0) await setImmediate();
  }

  async #ask(which: number): Promise<void> {
    const method = METHODS[which % METHODS.length] as string;
    const capabilities = CAPABILITIES[which % CAPABILITIES.length] ?? {};
    const { alice, bob } = this.bridged;
    const meta = which % 2 === 0
      ? {}
      : { progressToken: which, "io.modelcontextprotocol/logLevel": "info" };
    const params = { name: "t", notifications: FILTER };
    const saying = { id: this.exchanges.length, capabilities, meta };
    const owner = which % 5 === 0 ? bob : alice;
    this.exchanges.push(await this.bridged.ask(method, params, saying, owner));
  }

  async #retry(exchange: BridgedExchange, which: number): Promise<void> {
    const { result } = exchange.heard.all.at(-1) ?? {};
    const { requestState, inputRequests } = (result ?? {}) as Record<
      string,
      unknown
    >;
    const keys = Object.keys(inputRequests ?? {}).slice(which % 2);
    const answers = keys.map((key) => [key, { action: "accept" }]);
    const retry = retryOf(
      exchange.request,
      requestState ?? "none",
      Object.fromEntries(answers),
    );
    const again = { ...retry, id: this.exchanges.length };
    const { alice, bob } = this.bridged;
    const owner = which % 7 === 0 ? bob : alice;
    this.exchanges.push(await this.bridged.begin(again, owner));
  }

  #play(deed: Deed[0], session: PlayedSession, which: number): void {
    const asked = session.heard.all.filter(({ id, method }) =>
      id !== undefined && method !== undefined
    );
    const request = asked[which % (asked.length || 1)];
    const id = request?.id;
    const on = this.#relates ? id : undefined;
    if (deed === "question") {
      const method = QUESTIONS[which % QUESTIONS.length];
      session.say({ id: `q${++this.#questions}`, method, params: {} }, on);
    } else if (deed === "take back") {
      const params = { requestId: `q${this.#questions}` };
      session.say({ method: "notifications/cancelled", params });
    } else if (deed === "notify") {
      session.say({ method: "notifications/tools/list_changed" });
      const params = { progressToken: id, progress: which, level: "error" };
      session.say({ method: "notifications/progress", params }, on);
      session.say({ method: "notifications/message", params }, on);
    } else if (deed === "end") {
      session.leave(
        which % 2 ? undefined : new GatewayError("backend_changed", "another"),
      );
    } else if (request && typeof id !== "object") {
      const isHandshake = request.method === "initialize";
      const result = isHandshake ? CAPABLE : { n: which };
      const error = { code: which % 2 ? -32042 : -32002, message: "no" };
      session.say(deed === "answer" ? { id, result } : { id, error }, on);
    }
  }
}

it(
  "modern clients of a legacy server, in any order of events",
  LIMIT,
  async () => {
    const deeds = fc.array(
      fc.tuple(fc.constantFrom(...DEEDS), fc.nat({ max: 50 })),
      { minLength: 10, maxLength: 60 },
    );
    await holds(
      fc.asyncProperty(deeds, fc.boolean(), async (all, relates) => {
        const run = new Run(relates);
        const { bridged, exchanges } = run;
        for (const deed of all) await run.do(deed);
        await soon(bridged.close(), "the end of the gateway");
        for (const exchange of exchanges) {
          await soon(exchange.over, JSON.stringify(exchange.request));
          const answers = exchange.heard.all.filter(isAnswer);
          assert.ok(answers.length <= 1, JSON.stringify(exchange.heard.all));
          const [last] = exchange.heard.all.slice(-1);
          if (answers.length === 1) assert.equal(last, answers[0]);
        }
        assert.equal(bridged.lot.size, 0);
        for (const session of bridged.server.sessions) {
          await soon(session.closed, "the end of a session");
          assert.equal(session.context.memory.used, 0);
          checkAnswers(session);
        }
      }),
      100,
    );
  },
);

/** Rejects where something that has to happen does not. */
async function soon(work: Promise<unknown>, what: string): Promise<void> {
  assert.ok(await within(work, SOON_MS), `${what} did not come`);
}

function isAnswer({ method }: Message): boolean {
  return method === undefined;
}

/** No question of a server is answered twice. */
function checkAnswers({ heard }: PlayedSession): void {
  const answered = heard.all.filter(({ id, method }) =>
    method === undefined && String(id).startsWith("q")
  ).map(({ id }) => id);
  assert.equal(new Set(answered).size, answered.length);
}
