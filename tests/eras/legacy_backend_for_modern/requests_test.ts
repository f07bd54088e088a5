// What a request of a modern client and its answer become on their way through a session with a legacy server.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GatewayError } from "../../../lib/errors.ts";
import type { Fault } from "../../../lib/errors.ts";
import { META } from "../../../lib/protocol/meta.ts";
import { Bridged } from "../../support/bridged_clients.ts";
import { modernRequest } from "../../support/exchange_client.ts";
import { CAPABLE } from "../../support/puppet_root.ts";

const LISTS = [
  "tools/list",
  "prompts/list",
  "resources/list",
  "resources/templates/list",
  "resources/read",
];

describe("a request in a session with a legacy server", () => {
  it("has an id and a progress token of its own, and both are put back", async () => {
    await using bridged = new Bridged();
    const meta = { progressToken: "mine", "a.b/c": { d: 1 } };
    const [one, two] = [
      await bridged.ask("x/do", { n: 1 }, { id: "same", meta }),
      await bridged.ask("x/do", { n: 2 }, { id: "same", meta }),
    ];
    const session = await bridged.session(1);
    const first = await session.told("x/do", 1);
    const second = await session.told("x/do", 2);
    assert.notEqual(first.id, second.id);
    const tokens = [first, second].map(({ params }) =>
      (params?._meta as Record<string, unknown>).progressToken
    );
    assert.notEqual(tokens[0], tokens[1]);
    assert.deepEqual(first.params, {
      n: 1,
      _meta: { progressToken: tokens[0], "a.b/c": { d: 1 } },
    });
    const progress = (progressToken: unknown, progress: number) =>
      session.say({
        method: "notifications/progress",
        params: { progressToken, progress, total: 9 },
      });
    progress(tokens[1], 1);
    progress(tokens[0], 2);
    progress("unknown", 3);
    session.say({ id: second.id, result: { of: 2 } });
    session.say({ id: first.id, result: { of: 1 } });
    assert.equal((await one.result()).of, 1);
    assert.equal((await two.result()).of, 2);
    assert.deepEqual(
      [one, two].map(({ heard }) =>
        heard.all.map(({ id, params }) => params ?? id)
      ),
      [
        [{ progressToken: "mine", progress: 2, total: 9 }, "same"],
        [{ progressToken: "mine", progress: 1, total: 9 }, "same"],
      ],
    );
  });

  it("hears of no progress that it did not ask for, nor after its answer", async () => {
    await using bridged = new Bridged();
    const one = await bridged.ask("x/do");
    const session = await bridged.session(1);
    const { id } = await session.told("x/do");
    const say = () =>
      session.say({
        method: "notifications/progress",
        params: { progressToken: id, progress: 1 },
      });
    say();
    session.say({ id, result: {} });
    await one.answer();
    say();
    await one.over;
    assert.equal(one.heard.all.length, 1);
  });

  for (const method of LISTS) {
    it(`M-C-18: ${method} says how long it may be kept`, async () => {
      await using bridged = new Bridged();
      const one = await bridged.ask(method, { uri: "a://b" });
      const session = await bridged.session(1);
      await session.answer(method, {
        things: [],
        ttlMs: 5,
        cacheScope: "public",
        resultType: "odd",
      });
      assert.deepEqual(await one.result(), {
        things: [],
        resultType: "complete",
        ttlMs: 0,
        cacheScope: "private",
        _meta: { [META.serverInfo]: { name: "puppet", version: "1" } },
      });
    });
  }

  it("M-C-19: keeps what the server says of its result, and says who the server is", async () => {
    await using bridged = new Bridged();
    const one = await bridged.ask("x/do");
    const session = await bridged.session(1, {
      serverInfo: { name: "s", version: "2", icons: [{ src: "a" }] },
    });
    await session.answer("x/do", { _meta: { "a.b/c": 1 } });
    assert.deepEqual(await one.result(), {
      resultType: "complete",
      _meta: {
        "a.b/c": 1,
        [META.serverInfo]: { name: "s", version: "2", icons: [{ src: "a" }] },
      },
    });
  });

  it("keeps every byte of what it does not have to change", async () => {
    await using bridged = new Bridged();
    const one = await bridged.ask("tools/call", { name: "t" });
    const session = await bridged.session(1);
    const { id } = await session.told("tools/call");
    const odd = `{"big": 12345678901234567890, "n":1.0e2 ,"a":1,"a":2}`;
    session.say(`{"result": {"odd":${odd}},"id": ${id}, "jsonrpc":"2.0"}`);
    await one.over;
    const [text = ""] = one.texts;
    assert.ok(text.includes(`"odd":${odd}`), text);
  });

  for (const result of ["null", "7", "[]", '"x"']) {
    it(`is answered with an error where the result is ${result}`, async () => {
      await using bridged = new Bridged();
      const one = await bridged.ask("x/do");
      const session = await bridged.session(1);
      const { id } = await session.told("x/do");
      session.say(`{"jsonrpc":"2.0","id":${id},"result":${result}}`);
      const { error } = await one.answer();
      assert.equal(error?.code, -32603);
    });
  }

  const CODES = [
    [-32002, -32602],
    [-32020, -32603],
    [-32021, -32603],
    [-32042, -32603],
    [-32099, -32603],
    [-32000, -32000],
    [-32001, -32001],
    [-32601, -32601],
    [-32602, -32602],
    [42, 42],
  ] as const;
  for (const [legacy, modern] of CODES) {
    it(`M-C-31: is told error ${legacy} as ${modern}`, async () => {
      await using bridged = new Bridged();
      const one = await bridged.ask("x/do");
      const session = await bridged.session(1);
      const { id } = await session.told("x/do");
      const error = { code: legacy, message: "no", data: { uri: "a://b" } };
      session.say({ id, error });
      assert.deepEqual((await one.answer()).error, { ...error, code: modern });
    });
  }

  it("that is cancelled is cancelled by its own id there, and its late answer is nobody's", async () => {
    await using bridged = new Bridged();
    const one = await bridged.ask("x/do", {}, { id: 77 });
    const other = await bridged.ask("x/other", {}, { id: 77 });
    const session = await bridged.session(1);
    const { id } = await session.told("x/do");
    await one.leave();
    const { params } = await session.told("notifications/cancelled");
    assert.equal(params?.requestId, id);
    session.say({ id, result: { late: true } });
    await session.answer("x/other", { mine: true });
    assert.equal((await other.result()).mine, true);
    assert.deepEqual(one.heard.all, []);
  });

  it("that is cancelled before there is a session is never sent", async () => {
    await using bridged = new Bridged();
    const one = await bridged.ask("x/do");
    const session = await bridged.server.session(1);
    await one.leave();
    await session.hello();
    const other = await bridged.ask("x/other");
    await session.answer("x/other");
    await other.answer();
    assert.deepEqual(session.all("x/do"), []);
  });

  it("is answered with the reason when the session ends", async () => {
    await using bridged = new Bridged();
    const [one, two] = [
      await bridged.ask("tools/call", { name: "t" }),
      await bridged.ask("tools/list"),
    ];
    const session = await bridged.session(1);
    await session.told("tools/list");
    session.leave(new GatewayError("backend_changed", "another one"));
    for (const exchange of [one, two]) {
      const { error } = await exchange.answer();
      assert.equal(error?.code, -32603);
      assert.equal(error?.message, "another one");
    }
    const next = await bridged.ask("tools/list");
    await (await bridged.session(2)).answer("tools/list");
    await next.result();
  });

  it("is refused beyond requestsPerSession, with the name of the limit", async () => {
    await using bridged = new Bridged({ limits: { requestsPerSession: 2 } });
    await bridged.ask("x/do");
    await bridged.ask("x/do");
    const session = await bridged.session(1);
    await session.told("x/do", 2);
    const { error } = await (await bridged.ask("x/do")).answer();
    assert.equal((error?.data as { fault: Fault }).fault, "overloaded");
  });

  it("whose client does not read is cut, and holds up others for no longer", async () => {
    await using bridged = new Bridged({ readerPatienceMs: 20 });
    const meta = { progressToken: "t" };
    const asked = modernRequest("x/do", {}, { meta });
    const unread = await bridged.beginUnread(asked);
    const other = await bridged.ask("x/other");
    const session = await bridged.session(1);
    const { id } = await session.told("x/do");
    await session.told("x/other");
    for (let progress = 1; progress <= 5; progress++) {
      const params = { progressToken: id, progress };
      session.say({ method: "notifications/progress", params });
    }
    await session.answer("x/other", { done: true });
    assert.equal((await other.result()).done, true);
    const cancelled = await session.told("notifications/cancelled");
    assert.equal(cancelled.params?.requestId, id);
    const heard: unknown[] = [];
    await assert.rejects(async () => {
      for await (const { head } of unread) heard.push(head.method);
    }, /stopped reading/);
    assert.deepEqual(heard, ["notifications/progress"]);
  });

  it("answers a ping of the server at once", async () => {
    await using bridged = new Bridged();
    await bridged.ask("x/do");
    const session = await bridged.session(1);
    session.say({ id: "p", method: "ping" });
    assert.deepEqual((await session.answered("p")).result, {});
  });
});

describe("a request whose server is lost", () => {
  const lost = (fault: Fault) => new GatewayError(fault, "it has gone");

  for (
    const method of ["tools/list", "resources/read", "completion/complete"]
  ) {
    it(`${method} is asked again, once`, async () => {
      await using bridged = new Bridged();
      const one = await bridged.ask(method, { uri: "a://b" });
      const session = await bridged.session(1);
      const { id } = await session.told(method);
      session.fail(id as number, lost("backend_exited"));
      const again = await session.told(method, 2);
      session.fail(again.id as number, lost("backend_exited"));
      assert.equal((await one.answer()).error?.message, "it has gone");
      assert.equal(session.all(method).length, 2);
    });
  }

  for (
    const [method, fault] of [
      ["tools/call", "backend_exited"],
      ["x/do", "backend_unavailable"],
      ["tools/list", "backend_timeout"],
    ] as const
  ) {
    it(`${method} is not asked again after ${fault}`, async () => {
      await using bridged = new Bridged();
      const one = await bridged.ask(method, { name: "t" });
      const session = await bridged.session(1);
      const { id } = await session.told(method);
      session.fail(id as number, lost(fault));
      assert.equal((await one.answer()).error?.message, "it has gone");
      assert.equal(session.all(method).length, 1);
    });
  }
});

describe("server/discover", () => {
  it("tells what the server has said of itself, but for what cannot be bridged", async () => {
    await using bridged = new Bridged();
    const one = await bridged.ask("server/discover");
    const extensions = {
      "io.modelcontextprotocol/tasks": {},
      "a.b/c": { d: 1 },
    };
    await bridged.session(1, {
      ...CAPABLE,
      capabilities: {
        ...CAPABLE.capabilities,
        tasks: { list: {} },
        experimental: { e: {} },
        extensions,
      },
      ...{ instructions: "Do\u2028this" },
    });
    const { supportedVersions, ...others } = await one.result();
    assert.deepEqual(supportedVersions, ["2026-07-28"]);
    assert.deepEqual(others, {
      resultType: "complete",
      capabilities: {
        ...CAPABLE.capabilities,
        experimental: { e: {} },
        extensions: { "a.b/c": { d: 1 } },
      },
      instructions: "Do\u2028this",
      ttlMs: 0,
      cacheScope: "private",
      _meta: { [META.serverInfo]: { name: "puppet", version: "1" } },
    });
  });

  it("M-C-20: tells why there is nothing to tell, and tries again the next time", async () => {
    await using bridged = new Bridged();
    const one = await bridged.ask("server/discover");
    const session = await bridged.server.session(1);
    const { id } = await session.told("initialize");
    session.say({ id, error: { code: -32603, message: "not today" } });
    const { error } = await one.answer();
    assert.match(
      String(error?.message),
      /refused initialize with error -32603/,
    );
    const two = await bridged.ask("server/discover");
    await session.answer("initialize", CAPABLE, 2);
    assert.deepEqual((await two.result()).capabilities, CAPABLE.capabilities);
    assert.equal(bridged.server.count, 1);
  });

  it("does not take a revision that nobody knows", async () => {
    await using bridged = new Bridged();
    const one = await bridged.ask("server/discover");
    const session = await bridged.server.session(1);
    await session.answer("initialize", {
      ...CAPABLE,
      protocolVersion: "2031-01-01",
    });
    assert.match(
      String((await one.answer()).error?.message),
      /a revision that is not known/,
    );
  });
});
