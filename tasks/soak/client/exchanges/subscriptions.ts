// Listens to what changes at a server: told are what was asked for and nothing else, to each listener under its own id.

import { setTimeout as delay } from "node:timers/promises";
import type { Call } from "../calls.ts";
import type { Heard } from "../pending_calls.ts";
import { isExcused, judgeError, judgeRefusal, perform } from "../perform.ts";
import type { World } from "../../world.ts";
import { META } from "./envelope.ts";
import type { ModernSession, Round } from "./modern_session.ts";

/** Until a change is told that the server has told of. */
const TOLD_WITHIN_MS = 5_000;
const LOOK_MS = 20;
const LISTEN = "subscriptions/listen";
const ACKNOWLEDGED = "notifications/subscriptions/acknowledged";
const LIST_CHANGED = "notifications/tools/list_changed";
const UPDATED = "notifications/resources/updated";

/** One request to listen. */
class Subscription {
  readonly round: Round;
  readonly #session: ModernSession;
  readonly #world: World;
  readonly #id: string | number;
  readonly #uri: string;
  readonly #heard = new Map<string, number>();
  #listens = true;

  constructor(session: ModernSession, uri: string, world: World) {
    const notifications = filterFor(uri);
    const request = session.request(LISTEN, { notifications });
    this.#session = session;
    this.#world = world;
    this.#id = request.id;
    this.#uri = uri;
    this.round = session.ask(request, { hear: (one) => this.#hear(one) });
    void this.round.outcome.then(() => this.#listens = false);
  }

  /** Whether it goes on. */
  get listens(): boolean {
    return this.#listens;
  }

  /** How many notifications of this method have come. */
  heard(method: string): number {
    return this.#heard.get(method) ?? 0;
  }

  #hear({ method = "", params = {} }: Heard): void {
    const isFirst = this.#heard.size === 0;
    this.#heard.set(method, this.heard(method) + 1);
    const id = (params._meta as Record<string, unknown>)?.[META.subscription];
    if (id !== this.#id) this.#wrong(`${method} for the listener ${id}`);
    if (isFirst !== (method === ACKNOWLEDGED)) {
      this.#wrong(`${method}, and it is the first: ${isFirst}`);
    }
    if (method === ACKNOWLEDGED) return this.#check(params);
    if (method === LIST_CHANGED) return;
    if (method === UPDATED && params.uri === this.#uri) return;
    this.#wrong(`${method} of ${params.uri}, and listens to ${this.#uri}`);
  }

  /** A server that is lost meanwhile tells of no resources. */
  #check({ notifications }: Readonly<Record<string, unknown>>): void {
    const told = JSON.stringify(notifications);
    if (told === JSON.stringify(filterFor(this.#uri))) return;
    if (isExcused(this.#session, this.#world)) return;
    this.#wrong(`an acknowledgment of ${told}`);
  }

  #wrong(what: string): void {
    const text = `${this.#session.described} listens and got ${what}`;
    this.#world.findings.fail("wrong answer", text);
  }
}

/** Begins to listen, until the session leaves. */
export function subscribe(
  session: ModernSession,
  uri: string,
  world: World,
): Subscription {
  const subscription = new Subscription(session, uri, world);
  world.findings.count("subscriptions");
  void judgeEnd(subscription, session, world);
  return subscription;
}

/** Listens several times at once, and lets something change. */
export async function listenToChanges(
  session: ModernSession,
  times: number,
  world: World,
): Promise<void> {
  const uri = `soak://${session.nonce()}`;
  const all = Array.from(
    { length: times },
    () => subscribe(session, uri, world),
  );
  await untilHeard(all, ACKNOWLEDGED, 1, session, world);
  const before = Math.max(...all.map((one) => one.heard(LIST_CHANGED)));
  const { outcome } = await perform(session, changeOf(uri), world);
  if (outcome.kind === "result") {
    await untilHeard(all, LIST_CHANGED, before + 1, session, world);
    // Who can be asked may have made the call in another session of the server, where nobody listens to the resource.
    if (!session.options.canBeAsked) {
      await untilHeard(all, UPDATED, 1, session, world);
    }
  }
  for (const { round } of all) round.leave("close");
}

/** Waits until each of those that still listen has heard as much. */
async function untilHeard(
  all: readonly Subscription[],
  method: string,
  times: number,
  session: ModernSession,
  world: World,
): Promise<void> {
  const deadline = performance.now() + TOLD_WITHIN_MS;
  const deaf = () =>
    all.filter((one) => one.listens && one.heard(method) < times);
  while (deaf().length > 0) {
    if (session.state !== "open" || world.findings.failed.aborted) return;
    if (performance.now() > deadline) {
      if (isExcused(session, world)) return;
      const text = `${session.described} did not hear ${method}`;
      world.findings.fail("lost answer", text);
      return;
    }
    await delay(LOOK_MS);
  }
}

/** Nobody but its client ends it, unless the server is lost. */
async function judgeEnd(
  subscription: Subscription,
  session: ModernSession,
  world: World,
): Promise<void> {
  const outcome = await subscription.round.outcome;
  switch (outcome.kind) {
    case "left":
      return;
    case "refused":
      return judgeRefusal(outcome, session, LISTEN, world);
    case "error":
      return await judgeError(outcome, session, LISTEN, world);
    case "result":
      if (world.signal.aborted || isExcused(session, world)) return;
      world.findings.fail(
        "lost answer",
        `${session.described} listened and was told that it is over`,
      );
  }
}

function filterFor(uri: string) {
  return { toolsListChanged: true, resourceSubscriptions: [uri] };
}

function changeOf(uri: string): Call {
  return { tool: "change", args: { form: "json", uri }, size: 0 };
}
