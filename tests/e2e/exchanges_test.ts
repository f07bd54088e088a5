// Exchanges of modern clients with a server that knows sessions, as they look on the wire.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { META } from "../../lib/protocol/meta.ts";
import {
  encoded,
  ExchangeClient,
  modernHeaders,
  outcomeOf,
} from "../support/exchange_client.ts";
import type { Outcome, Saying } from "../support/exchange_client.ts";
import { TOKENS } from "../support/in_process_gateway.ts";
import { textOf } from "../support/scripted_server.ts";
import type { Recorded, Report, Step } from "../support/scripted_server.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import { post } from "../support/streamable_session.ts";

const NOTICE = { jsonrpc: "2.0", method: "x/notice", params: { n: 1 } };
const SAY: Step = { say: JSON.stringify(NOTICE) };
const REPORT: Step = { report: true };

function resultOf<T>({ answer }: Outcome): T {
  assert.ok("result" in answer, JSON.stringify(answer));
  return answer.result as T;
}

/** What the server has received of a request that it echoes. */
function received(outcome: Outcome): Message {
  return JSON.parse(textOf(resultOf<Recorded>(outcome)));
}

describe("an exchange", () => {
  const gateway = sharedGateway({ files: { ...SCRIPTED, bridge: "always" } });

  async function client(
    token: keyof typeof TOKENS = "alice",
    saying?: Saying,
  ): Promise<ExchangeClient> {
    const { url } = await gateway();
    return new ExchangeClient(`${url}/files/mcp`, TOKENS[token], saying);
  }

  const run = async (one: ExchangeClient, ...steps: readonly Step[]) =>
    await one.ask("script/run", { steps });

  it(
    "M-C-07: is answered with one JSON object where nothing comes before it",
    LIMIT,
    async () => {
      const outcome = await (await client()).ask("x/echo", { a: 1 });
      const { headers, status } = outcome.response;
      assert.equal(status, 200);
      assert.equal(headers.get("content-type"), "application/json");
      assert.equal(headers.get("mcp-session-id"), null);
      assert.equal(outcome.answer.id, 1);
      const { resultType, _meta } = resultOf<Record<string, unknown>>(outcome);
      assert.equal(resultType, "complete");
      assert.deepEqual(_meta, {
        [META.serverInfo]: { name: "scripted", version: "1.0.0" },
      });
    },
  );

  it(
    "hands the server what a session carries, and no more",
    LIMIT,
    async () => {
      const one = await client();
      const meta = { traceparent: "00-0af7-b7ad-01", [META.logLevel]: "info" };
      const outcome = await one.ask("x/echo", { a: 1, requestState: "x" }, {
        meta,
      });
      const { method, params } = received(outcome);
      assert.equal(method, "x/echo");
      assert.deepEqual(params, {
        a: 1,
        _meta: { traceparent: "00-0af7-b7ad-01" },
      });
      assert.deepEqual(received(await one.ask("x/echo", { a: 1 })).params, {
        a: 1,
      });
    },
  );

  it(
    "crosses with every byte of its parameters, and comes back with its id as it was",
    LIMIT,
    async () => {
      const { url } = await gateway();
      const id = "12345678901234567890";
      const odd = '{ "n": 1.0e2, "big": 98765432109876543210, "n": 1 }';
      const meta = JSON.stringify((await client()).request("x").params?._meta);
      const text =
        `{"id": ${id}, "method":"x/echo", "params": {"odd": ${odd}, "_meta":${meta}},"jsonrpc":"2.0"}`;
      const headers = modernHeaders({ jsonrpc: "2.0", method: "x/echo" });
      const response = await post(
        `${url}/files/mcp`,
        TOKENS.alice,
        text,
        headers,
      );
      const answer = await response.text();
      assert.match(answer, new RegExp(`"id":${id}[,}]`));
      const { base64 } = JSON.parse(answer).result;
      const heard = Buffer.from(base64, "base64").toString();
      assert.ok(heard.includes(`"odd": ${odd}`), heard);
    },
  );

  it(
    "M-C-21, M-C-23: becomes a stream where something comes before the answer",
    LIMIT,
    async () => {
      const outcome = await run(await client(), SAY, SAY, REPORT);
      const { headers } = outcome.response;
      assert.equal(headers.get("content-type"), "text/event-stream");
      assert.equal(headers.get("x-accel-buffering"), "no");
      assert.deepEqual(outcome.notifications, [NOTICE, NOTICE]);
      assert.equal(
        resultOf<Record<string, unknown>>(outcome).resultType,
        "complete",
      );
    },
  );

  it(
    "M-C-05: takes any Accept, and tells what fits into it",
    LIMIT,
    async () => {
      const one = await client();
      const asked = one.request("script/run", { steps: [SAY, REPORT] });
      for (const accept of ["application/json", "text/html"]) {
        const response = await one.post(asked, { accept });
        const { notifications, answer } = await outcomeOf(response);
        const isJson = accept === "application/json";
        assert.deepEqual(notifications, isJson ? [] : [NOTICE]);
        assert.ok("result" in answer);
      }
    },
  );

  it(
    "M-C-06: takes a notification, which nobody has to hear of",
    LIMIT,
    async () => {
      const one = await client();
      const response = await one.post({
        jsonrpc: "2.0",
        method: "notifications/cancelled",
        params: { requestId: 1 },
      }, { "mcp-method": "" });
      assert.equal(response.status, 202);
      assert.equal(await response.text(), "");
    },
  );

  it("M-C-11: takes a name as it is or encoded", LIMIT, async () => {
    const one = await client();
    for (const name of ["echo", "größe", " padded ", "=?base64?x?="]) {
      const asked = one.request("tools/call", { name });
      const headers = { "mcp-name": encoded(name) };
      const { answer } = await outcomeOf(await one.post(asked, headers));
      assert.ok("result" in answer, JSON.stringify(answer));
    }
    const asked = one.request("tools/call", { name: "echo" });
    const always = `=?base64?${Buffer.from("echo").toString("base64")}?=`;
    const response = await one.post(asked, { "mcp-name": always });
    assert.equal(response.status, 200);
    await response.body?.cancel();
  });

  for (
    const method of [
      "ping",
      "initialize",
      "logging/setLevel",
      "resources/subscribe",
      "resources/unsubscribe",
      "tasks/list",
    ]
  ) {
    it(`M-C-16: does not know ${method}`, LIMIT, async () => {
      const { response, answer } = await (await client()).ask(method);
      assert.equal(response.status, 404);
      assert.equal(answer.error?.code, -32601);
      assert.equal(answer.id, 1);
    });
  }

  it("M-C-20, M-C-18: learns what the server is", LIMIT, async () => {
    const outcome = await (await client()).ask("server/discover");
    const { supportedVersions, ...others } = resultOf<
      Record<string, unknown>
    >(outcome);
    assert.deepEqual(supportedVersions, ["2026-07-28"]);
    assert.deepEqual(others, {
      resultType: "complete",
      capabilities: {
        tools: {},
        prompts: {},
        resources: { subscribe: true },
        logging: {},
        completions: {},
      },
      ttlMs: 0,
      cacheScope: "private",
      _meta: { [META.serverInfo]: { name: "scripted", version: "1.0.0" } },
    });
  });

  it(
    "M-C-24: is not of a session, whatever its headers say",
    LIMIT,
    async () => {
      const one = await client();
      const response = await one.post(one.request("x/echo"), {
        "mcp-session-id": "an-unknown-session",
        "last-event-id": "s1_1",
      });
      const { answer } = await outcomeOf(response);
      assert.equal(response.status, 200, JSON.stringify(answer));
      assert.equal(response.headers.get("mcp-session-id"), null);
    },
  );

  it(
    "M-C-33: shares a server with those of its token and its capabilities, and with no others",
    LIMIT,
    async () => {
      const pid = async (one: ExchangeClient) =>
        resultOf<Report>(await run(one, REPORT)).pid;
      const alice = await pid(await client());
      assert.equal(await pid(await client()), alice);
      const capabilities = { elicitation: {} };
      const able = await pid(await client("alice", { capabilities }));
      const bob = await pid(await client("bob"));
      const ableBob = await pid(await client("bob", { capabilities }));
      assert.equal(new Set([alice, able, bob, ableBob]).size, 4);
    },
  );

  it(
    "is begun with what the first of them has said of itself",
    LIMIT,
    async () => {
      const capabilities = {
        roots: {},
        experimental: { x: { n: 1 } },
        extensions: { "io.modelcontextprotocol/tasks": {}, "a.b/c": { d: 1 } },
      };
      const meta = {
        [META.clientInfo]: { name: "first", version: "7", x: [] },
      };
      const one = await client("alice", { capabilities, meta });
      const { heard } = resultOf<Report>(await run(one, REPORT));
      const [first, second] = heard.map((each) =>
        JSON.parse(textOf(each)) as Message
      );
      assert.equal(first?.method, "initialize");
      assert.deepEqual(first?.params, {
        protocolVersion: "2025-11-25",
        capabilities: {
          roots: {},
          experimental: { x: { n: 1 } },
          extensions: { "a.b/c": { d: 1 } },
        },
        clientInfo: { name: "first", version: "7", x: [] },
      });
      assert.equal(second?.method, "notifications/initialized");
    },
  );

  it("is a line in the log, with its tool", LIMIT, async () => {
    const running = await gateway();
    const one = await client("bob");
    const { response } = await one.ask("tools/call", { name: "a-tool" });
    const line = await running.logged("Authenticated request", {
      tool: "a-tool",
    });
    assert.deepEqual(
      [line.token_name, line.server, line.method, line.path],
      ["bob", "files", "POST", "/files/mcp"],
    );
    assert.equal(line.request_id, response.headers.get("x-request-id"));
  });
});
