// `subscriptions/listen` of modern clients, fed from what a legacy server tells in its session (protocol rule M-C-27).

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GatewayError } from "../../../lib/errors.ts";
import { META } from "../../../lib/protocol/meta.ts";
import type { RequestId } from "../../../lib/protocol/messages.ts";
import { Bridged } from "../../support/bridged_clients.ts";
import type { BridgedExchange } from "../../support/bridged_clients.ts";
import type { PlayedSession } from "../../support/played_server.ts";
import { CAPABLE } from "../../support/puppet_root.ts";

const ACKNOWLEDGED = "notifications/subscriptions/acknowledged";
const TOOLS = "notifications/tools/list_changed";
const PROMPTS = "notifications/prompts/list_changed";
const UPDATED = "notifications/resources/updated";

const listen = (
  bridged: Bridged,
  notifications: unknown,
  id: RequestId = "l",
) => bridged.ask("subscriptions/listen", { notifications }, { id });

/** What was told, without what all have. */
function told({ heard }: BridgedExchange): unknown[] {
  return heard.all.map(({ method, params = {} }) => {
    const { _meta, ...others } = params;
    return [
      method,
      (_meta as Record<string, unknown>)[META.subscriptionId],
      others,
    ];
  });
}

/** Resolves when all that the server has said before was heard. */
async function heardAll(session: PlayedSession, id: string): Promise<void> {
  session.say({ id, method: "ping" });
  await session.answered(id);
}

describe("a subscription", () => {
  it("is acknowledged with what the server has, and told of nothing else", async () => {
    await using bridged = new Bridged();
    const one = await listen(bridged, {
      toolsListChanged: true,
      promptsListChanged: false,
      resourcesListChanged: true,
      resourceSubscriptions: ["a://1", "a://refused", 7, "a://1"],
      unknown: true,
    });
    const session = await bridged.session(1, {
      capabilities: {
        ...CAPABLE.capabilities,
        resources: { subscribe: true },
      },
    });
    await session.answer("resources/subscribe");
    const { id } = await session.told("resources/subscribe", 2);
    session.say({ method: UPDATED, params: { uri: "a://1" } });
    session.say({ id, error: { code: -32602, message: "no" } });
    session.say({ method: TOOLS });
    session.say({ method: PROMPTS });
    session.say({ method: "notifications/resources/list_changed" });
    session.say({ method: UPDATED, params: { uri: "a://other" } });
    session.say({ method: UPDATED, params: { uri: "a://1", _meta: { x: 1 } } });
    await one.heard.until("all four", () => one.heard.all.length === 4);
    assert.deepEqual(told(one), [
      [ACKNOWLEDGED, "l", {
        notifications: {
          toolsListChanged: true,
          resourceSubscriptions: ["a://1"],
        },
      }],
      [UPDATED, "l", { uri: "a://1" }],
      [TOOLS, "l", {}],
      [UPDATED, "l", { uri: "a://1" }],
    ]);
    assert.deepEqual(one.heard.all[3]?.params?._meta, {
      x: 1,
      [META.subscriptionId]: "l",
    });
    assert.equal(session.all("resources/subscribe").length, 2);
  });

  it("has nothing where the server has nothing to tell", async () => {
    await using bridged = new Bridged();
    const one = await listen(bridged, {
      toolsListChanged: true,
      resourceSubscriptions: ["a://1"],
    });
    const session = await bridged.session(1);
    const { params } = await one.told(ACKNOWLEDGED);
    assert.deepEqual(params?.notifications, {});
    assert.deepEqual(session.all("resources/subscribe"), []);
  });

  it("has the id of its request as it was written, a number or a text", async () => {
    await using bridged = new Bridged();
    const numbered = await listen(bridged, { toolsListChanged: true }, 7);
    const session = await bridged.session(1, CAPABLE);
    const named = await listen(bridged, { toolsListChanged: true }, "7");
    await named.told(ACKNOWLEDGED);
    session.say({ method: TOOLS });
    await heardAll(session, "p");
    for (const [one, id] of [[numbered, 7], [named, "7"]] as const) {
      assert.deepEqual(told(one).slice(1), [[TOOLS, id, {}]]);
    }
  });

  it("shares a resource with others: one subscribes, the last one unsubscribes", async () => {
    await using bridged = new Bridged();
    const filter = { resourceSubscriptions: ["a://1"] };
    const one = await listen(bridged, filter);
    const session = await bridged.session(1, CAPABLE);
    await session.answer("resources/subscribe");
    await one.told(ACKNOWLEDGED);
    const two = await listen(bridged, filter);
    await two.told(ACKNOWLEDGED);
    await one.leave();
    session.say({ method: UPDATED, params: { uri: "a://1" } });
    await two.told(UPDATED);
    assert.deepEqual(session.all("resources/unsubscribe"), []);
    await two.leave();
    const { params } = await session.told("resources/unsubscribe");
    assert.deepEqual(params, { uri: "a://1" });
    const three = await listen(bridged, filter);
    await session.answer("resources/unsubscribe");
    await session.answer("resources/subscribe", {}, 2);
    await three.told(ACKNOWLEDGED);
    assert.deepEqual(one.heard.all.length, 1);
  });

  it("hears what any session of its client tells of lists", async () => {
    await using bridged = new Bridged();
    const able = { capabilities: { elicitation: {} } };
    const params = { notifications: { toolsListChanged: true } };
    const one = await bridged.ask("subscriptions/listen", params, able);
    const first = await bridged.session(1, CAPABLE);
    await one.told(ACKNOWLEDGED);
    await bridged.ask("tools/call", {}, able);
    await bridged.ask("tools/call", {}, able);
    await first.told("tools/call");
    const second = await bridged.session(2, CAPABLE);
    second.say({ method: TOOLS });
    await one.told(TOOLS);
  });

  it("M-C-28: ends with its result when its server is lost, and when the gateway stops", async () => {
    await using bridged = new Bridged();
    const ends: BridgedExchange[] = [];
    for (const number of [1, 2]) {
      const one = await listen(bridged, { toolsListChanged: true }, number);
      const session = await bridged.session(number, CAPABLE);
      await one.told(ACKNOWLEDGED);
      ends.push(one);
      if (number === 2) await bridged.close();
      else session.leave(new GatewayError("backend_changed", "another"));
      await session.closed;
    }
    for (const [at, one] of ends.entries()) {
      assert.deepEqual(await one.result(), {
        resultType: "complete",
        _meta: { [META.subscriptionId]: at + 1 },
      });
      await one.over;
    }
  });

  it("is refused where it does not say what it is for", async () => {
    await using bridged = new Bridged();
    const one = await listen(bridged, undefined);
    await bridged.session(1, CAPABLE);
    assert.equal((await one.answer()).error?.code, -32602);
  });

  it("that is left before it began takes nothing with it", async () => {
    await using bridged = new Bridged();
    const one = await listen(bridged, { resourceSubscriptions: ["a://1"] });
    const session = await bridged.server.session(1);
    await one.leave();
    await session.hello(CAPABLE);
    const other = await bridged.ask("x/do");
    await session.answer("x/do");
    await other.result();
    assert.deepEqual(session.all("resources/subscribe"), []);
  });
});
