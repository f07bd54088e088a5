// An exchange between a client and whatever stands behind it, without HTTP on the wire.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OpenContext } from "../../lib/backend.ts";
import { Envelope } from "../../lib/channel/envelope.ts";
import { legacyOnly } from "../../lib/eras/legacy_only.ts";
import { ExchangeEndpoint } from "../../lib/sessions/exchange_endpoint.ts";
import { ExchangeTable } from "../../lib/sessions/exchange_table.ts";
import { SessionPlaces } from "../../lib/sessions/session_places.ts";
import { GatewayError } from "../../lib/errors.ts";
import { DEFAULT_LIMITS } from "../../lib/limits.ts";
import type { Subject } from "../../lib/endpoint.ts";
import type { Message } from "../../lib/protocol/messages.ts";
import { META } from "../../lib/protocol/meta.ts";
import { TestPrincipal } from "../support/bridged_clients.ts";
import { EventReader } from "../support/event_reader.ts";
import { modernHeaders, modernRequest } from "../support/exchange_client.ts";
import { logInto } from "../support/log_lines.ts";
import type { LogLine } from "../support/log_lines.ts";
import { PlayedServer } from "../support/played_server.ts";
import type { PlayedSession } from "../support/played_server.ts";

/** A gateway's part for one server, which the test plays. */
class Stage implements AsyncDisposable {
  readonly server = new PlayedServer();
  readonly owner = new TestPrincipal("alice");
  readonly log: LogLine[] = [];
  readonly subjects: Subject[] = [];
  readonly leaving = new AbortController();
  readonly #table: ExchangeTable;
  #count = 0;

  constructor() {
    this.#table = new ExchangeTable({
      limits: DEFAULT_LIMITS,
      places: new SessionPlaces(DEFAULT_LIMITS),
      log: logInto(this.log),
      judge: () => undefined,
    });
  }

  /** Posts a message, and waits until its server is asked. */
  async ask(
    message: Message,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ response: Promise<Response>; channel: PlayedSession }> {
    const response = this.post(message, headers);
    return { response, channel: await this.server.session(++this.#count) };
  }

  post(
    message: Message,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const request = new Request("http://localhost/played/mcp", {
      method: "POST",
      headers: {
        accept: "application/json, text/event-stream",
        ...modernHeaders(message),
        ...headers,
      },
      signal: this.leaving.signal,
    });
    const bytes = new TextEncoder().encode(JSON.stringify(message));
    const endpoint = new ExchangeEndpoint(this.server, this.#table);
    const response = endpoint.post(
      {
        request,
        url: new URL(request.url),
        id: "r",
        peer: { address: "x", hold() {}, release() {} },
        log: logInto(this.log),
        told: (subject) => this.subjects.push(subject),
      },
      this.owner,
      { envelopes: [Envelope.read(bytes)], form: "single" },
    );
    response.catch(() => {
      // Whoever waits for it is told, too.
    });
    return response;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#table.close(new GatewayError("shutting_down", "over"), 0);
  }
}

const CALL = modernRequest("tools/call", { name: "t" });
const LISTEN = modernRequest("subscriptions/listen", {}, { id: "l" });
const ACKNOWLEDGED = "notifications/subscriptions/acknowledged";

describe("an exchange", () => {
  const STATUSES = [
    [-32601, 404],
    [-32020, 400],
    [-32021, 400],
    [-32022, 400],
    [-32602, 200],
    [-32603, 200],
    [-32000, 200],
    [7, 200],
  ];
  for (const [code, status] of STATUSES) {
    it(`M-C-16, M-C-17: tells error ${code} with status ${status}, as it was written`, async () => {
      await using stage = new Stage();
      const { response, channel } = await stage.ask(CALL);
      const text =
        `{"id":1 , "error":{"message":"x","code":${code},"odd":1.0},"jsonrpc":"2.0"}`;
      channel.say(text);
      assert.equal((await response).status, status);
      assert.equal(await (await response).text(), text);
      assert.equal(await channel.closed, undefined);
    });
  }

  it("hands on what it does not have to change byte for byte, both ways", async () => {
    await using stage = new Stage();
    const { response, channel } = await stage.ask(CALL);
    assert.deepEqual(await channel.told("tools/call"), CALL);
    const text = `{"jsonrpc":"2.0", "id": 1,"result":{ "n":1.0e2,"n":1}}`;
    channel.say(text);
    assert.equal(await (await response).text(), text);
  });

  it("gives its server the Mcp-Param-* fields as they came", async () => {
    await using stage = new Stage();
    const { channel } = await stage.ask(CALL, {
      "Mcp-Param-Region": "=?base64?ZXU=?=",
      "MCP-PARAM-x": " y",
      "x-other": "z",
    });
    const { parameters, principal } = channel.context as OpenContext;
    assert.deepEqual([...parameters ?? []].sort(), [
      ["mcp-param-region", "=?base64?ZXU=?="],
      ["mcp-param-x", "y"],
    ]);
    assert.equal(principal, stage.owner);
  });

  it("M-C-21: is no place for requests of the server, nor for answers to others", async () => {
    await using stage = new Stage();
    const { response, channel } = await stage.ask(CALL);
    channel.say({ id: 1, method: "ping" });
    channel.say({ id: 2, result: {} });
    channel.say({ id: "1", result: {} });
    channel.say({ id: 1, result: { mine: true } });
    assert.equal((await (await response).json()).result.mine, true);
    const dropped = stage.log.filter(({ msg }) => msg === "Message dropped");
    assert.equal(dropped.length, 3);
  });

  it("says in the log what it is about, also where nothing comes of it", async () => {
    await using stage = new Stage();
    const { channel } = await stage.ask(CALL);
    await channel.told("tools/call");
    assert.deepEqual(stage.subjects, [{ server: "played", tool: "t" }]);
    stage.server.refusal = new GatewayError("backend_unavailable", "down");
    await stage.post(modernRequest("tools/call", { name: "u" }));
    assert.deepEqual(stage.subjects[1], { server: "played", tool: "u" });
  });

  it("is answered with an error where the server ends without an answer", async () => {
    await using stage = new Stage();
    const { response, channel } = await stage.ask(CALL);
    channel.leave();
    const { error } = await (await response).json();
    assert.equal((await response).status, 200);
    assert.equal(error.code, -32603);
    assert.equal(error.data.fault, "backend_protocol");
  });

  for (const how of ["thrown", "answered"] as const) {
    it(`is refused with its own status where that is ${how}`, async () => {
      await using stage = new Stage();
      const reason = new GatewayError("overloaded", "too much", {
        headers: { "retry-after": "1" },
      });
      const { response, channel } = await stage.ask(CALL);
      if (how === "thrown") channel.leave(reason);
      else channel.fail(1, reason);
      await assert.rejects(response, (error: GatewayError) => {
        assert.equal(error.status, 503);
        assert.equal(error.code, -32603);
        assert.equal(error.rpcId, 1);
        assert.deepEqual(error.headers, { "retry-after": "1" });
        return true;
      });
    });
  }

  it("is refused in the words of a legacy server where one face of it is all there is", async () => {
    await using stage = new Stage();
    const { response, channel } = await stage.ask(CALL);
    channel.leave(legacyOnly());
    await assert.rejects(response, (error: GatewayError) => {
      assert.deepEqual([error.status, error.code, error.rpcId], [
        400,
        -32000,
        1,
      ]);
      return true;
    });
  });

  it("M-C-22: closes its channel when the client leaves, and tells nobody anything", async () => {
    await using stage = new Stage();
    const { response, channel } = await stage.ask(CALL);
    await channel.told("tools/call");
    stage.leaving.abort();
    assert.match(String(await channel.closed), /client has left/);
    assert.equal((await response).status, 499);
    assert.deepEqual(stage.log, []);
  });

  it("ends with its token, and none begins after it", async () => {
    await using stage = new Stage();
    const { response, channel } = await stage.ask(CALL);
    await channel.told("tools/call");
    stage.owner.revoke();
    assert.equal((await (await response).json()).error.message, "revoked");
    await channel.closed;
    await assert.rejects(stage.post(CALL), /revoked/);
    assert.equal(stage.server.count, 1);
  });

  for (const how of ["ends", "breaks"] as const) {
    it(`M-C-28: that listens has its result when the server ${how}`, async () => {
      await using stage = new Stage();
      const { response, channel } = await stage.ask(LISTEN);
      channel.say({ method: ACKNOWLEDGED, params: {} });
      const stream = new EventReader(await response);
      await stream.message();
      channel.leave(
        how === "ends"
          ? undefined
          : new GatewayError("backend_unavailable", "gone"),
      );
      assert.deepEqual((await stream.message()).result, {
        resultType: "complete",
        _meta: { [META.subscriptionId]: "l" },
      });
      assert.equal(await stream.next(), undefined);
    });
  }

  it("that listens and was never acknowledged has an error", async () => {
    await using stage = new Stage();
    const { response, channel } = await stage.ask(LISTEN);
    channel.leave(new GatewayError("backend_unavailable", "gone"));
    assert.equal((await (await response).json()).error.message, "gone");
  });
});
