// Log messages of a legacy server, whose level is that of its session, for requests that each say their own (protocol rule M-C-25).

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { META } from "../../../lib/protocol/meta.ts";
import { Bridged } from "../../support/bridged_clients.ts";
import type { BridgedExchange } from "../../support/bridged_clients.ts";
import type { PlayedSession } from "../../support/played_server.ts";
import { CAPABLE } from "../../support/puppet_root.ts";

const MESSAGE = "notifications/message";

const wanting = (level: unknown) => ({ meta: { [META.logLevel]: level } });

function log(session: PlayedSession, level: string, on?: unknown): void {
  const params = { level, data: level };
  session.say({ method: MESSAGE, params }, on as number | null);
}

function heard({ heard }: BridgedExchange): unknown[] {
  return heard.all.filter(({ method }) => method === MESSAGE)
    .map(({ params }) => params?.level);
}

describe("the log of a legacy server", () => {
  it("is told on the request's own stream, from its own level on, and to no one who did not ask", async () => {
    await using bridged = new Bridged();
    const debug = await bridged.ask("x/debug", {}, wanting("debug"));
    const session = await bridged.session(1, CAPABLE, "by_stream");
    await session.answer("logging/setLevel");
    const error = await bridged.ask("x/error", {}, wanting("error"));
    const none = await bridged.ask("x/none");
    const ids = [];
    for (const method of ["x/debug", "x/error", "x/none"]) {
      ids.push((await session.told(method)).id);
    }
    for (const id of [...ids, null, undefined]) {
      for (const level of ["debug", "warning", "critical", "odd"]) {
        log(session, level, id);
      }
    }
    for (const method of ["x/debug", "x/error", "x/none"]) {
      await session.answer(method);
    }
    for (const one of [debug, error, none]) await one.result();
    assert.deepEqual([debug, error, none].map(heard), [
      ["debug", "warning", "critical"],
      ["critical"],
      [],
    ]);
  });

  it("is set to what most is asked for, and anew only where that has changed", async () => {
    await using bridged = new Bridged();
    const levels = (session: PlayedSession) =>
      session.all("logging/setLevel").map(({ params }) => params?.level);
    const one = await bridged.ask("x/1", {}, wanting("warning"));
    const session = await bridged.session(1, CAPABLE);
    await session.answer("logging/setLevel");
    await session.told("x/1");
    await bridged.ask("x/2", {}, wanting("error"));
    await session.told("x/2");
    await bridged.ask("x/3", {}, wanting("debug"));
    const { id } = await session.told("logging/setLevel", 2);
    assert.deepEqual(session.all("x/3"), []);
    session.say({ id, error: { code: -32603, message: "no" } });
    await session.told("x/3");
    assert.deepEqual(levels(session), ["warning", "debug"]);
    for (const method of ["x/1", "x/2", "x/3"]) await session.answer(method);
    await one.result();
    await bridged.ask("x/4", {}, wanting("error"));
    await session.answer("logging/setLevel", {}, 3);
    await session.told("x/4");
    assert.deepEqual(levels(session), ["warning", "debug", "error"]);
    await bridged.ask("x/5");
    await session.told("x/5");
    assert.deepEqual(levels(session), ["warning", "debug", "error"]);
  });

  it("is not set where the server has none", async () => {
    await using bridged = new Bridged();
    await bridged.ask("x/1", {}, wanting("debug"));
    const session = await bridged.session(1);
    await session.told("x/1");
    assert.deepEqual(session.all("logging/setLevel"), []);
  });

  for (const level of ["loud", 7, null]) {
    it(`has no level ${JSON.stringify(level)}`, async () => {
      await using bridged = new Bridged();
      const one = await bridged.ask("x/1", {}, wanting(level));
      assert.equal((await one.answer()).error?.code, -32602);
      assert.equal(bridged.server.count, 0);
    });
  }
});
