// HTTP+SSE on the wire, as clients of 2024-11-05 and the many that still speak it expect it.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { TOKENS } from "../support/in_process_gateway.ts";
import { nothingLeft } from "../support/leftovers.ts";
import { rawRequest } from "../support/raw_request.ts";
import { script } from "../support/scripted_server.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import { request } from "../support/streamable_session.ts";

const token = TOKENS.alice;

/** A script's step that says a message. */
function say(message: Omit<Message, "jsonrpc">) {
  return { say: JSON.stringify({ jsonrpc: "2.0", ...message }) };
}

describe("an HTTP+SSE session", () => {
  const gateway = sharedGateway({ files: SCRIPTED });
  const open = async () =>
    await SseSession.open({ url: `${(await gateway()).url}/files/sse`, token });

  it(
    "E-C-01: GET gives an event stream whose first event is the endpoint",
    LIMIT,
    async () => {
      await using session = await open();
      const { status, headers } = session.response;
      assert.equal(status, 200);
      assert.match(headers.get("content-type") ?? "", /^text\/event-stream\b/);
      assert.match(headers.get("cache-control") ?? "", /no-cache/);
      assert.equal(headers.get("x-accel-buffering"), "no");
      assert.equal(session.first.event, "endpoint");
      assert.match(
        session.first.data,
        /^\/files\/messages\?sessionId=[\w-]{32,}$/,
      );
    },
  );

  it(
    "E-C-01: an Accept that excludes event streams is 406",
    LIMIT,
    async () => {
      const response = await fetch(`${(await gateway()).url}/files/sse`, {
        headers: {
          authorization: `Bearer ${token}`,
          accept: "application/json",
        },
      });
      assert.equal(response.status, 406);
      assert.equal((await response.json()).error, "not_acceptable");
    },
  );

  it(
    "E-C-02, E-C-03: a POST is 202 Accepted, and its answer comes as a message event on the stream",
    LIMIT,
    async () => {
      await using session = await open();
      await session.initialize();
      const response = await session.post(request(1, "x/echo"));
      assert.equal(response.status, 202);
      assert.equal(await response.text(), "Accepted");
      const event = await session.events.next();
      assert.equal(event?.event, "message");
      assert.equal(event?.id, undefined);
      assert.equal(JSON.parse(event?.data ?? "").id, 1);
    },
  );

  it(
    "E-C-03: what the backend asks and says comes on the stream too, in order",
    LIMIT,
    async () => {
      await using session = await open();
      await session.initialize();
      const asks = { id: "q", method: "sampling/createMessage", params: {} };
      const text = script(
        1,
        say({ method: "x/news" }),
        say(asks),
        { wait: { id: "q" } },
        say({ id: 1, result: "done" }),
      );
      assert.equal((await session.post(text)).status, 202);
      assert.equal((await session.events.message()).method, "x/news");
      assert.deepEqual(await session.events.message(), {
        jsonrpc: "2.0",
        ...asks,
      });
      await session.say({ jsonrpc: "2.0", id: "q", result: {} });
      assert.equal((await session.events.message()).result, "done");
    },
  );

  it(
    "E-C-04: every POST needs a token of its own, and the session id is none",
    LIMIT,
    async () => {
      await using session = await open();
      const cases = [
        ["", 401, "unauthorized"],
        ["Bearer wrong-wrong-wrong", 401, "invalid_token"],
        [`Bearer ${TOKENS.bob}`, 404, "session_not_found"],
      ] as const;
      for (const [authorization, status, error] of cases) {
        const response = await session.post(request(1, "x"), { authorization });
        assert.equal(response.status, status);
        assert.equal((await response.json()).error, error);
      }
    },
  );

  it(
    "E-C-04: the Origin is checked on the GET and on every POST",
    LIMIT,
    async () => {
      const { url } = await gateway();
      const evil = { origin: "https://evil.example" };
      const streamed = await fetch(`${url}/files/sse`, { headers: evil });
      await streamed.body?.cancel();
      assert.equal(streamed.status, 403);
      await using session = await open();
      const posted = await session.post(request(1, "x"), evil);
      assert.equal(posted.status, 403);
      assert.equal((await posted.json()).error, "forbidden_origin");
    },
  );

  it(
    "E-C-05: the endpoint is relative, so that it has the origin by which the client came",
    LIMIT,
    async () => {
      const { url } = await gateway();
      const { port } = new URL(url);
      await using session = await SseSession.open({
        url: `http://localhost:${port}/files/sse`,
        token,
      });
      assert.equal(session.endpoint.origin, `http://localhost:${port}`);
      assert.ok("result" in await session.initialize());
    },
  );

  it(
    "E-C-06: an unknown sessionId is 404, a missing one 400",
    LIMIT,
    async () => {
      const { url } = await gateway();
      const { port, host } = new URL(url);
      const body = JSON.stringify(request(1, "x"));
      const cases = [
        ["?sessionId=unknown", 404, "session_not_found"],
        ["?sessionId=", 400, "session_required"],
        ["?session=x", 400, "session_required"],
        ["", 400, "session_required"],
      ] as const;
      for (const [query, status, error] of cases) {
        const lines = [
          `POST /files/messages${query} HTTP/1.1`,
          `Host: ${host}`,
          `Authorization: Bearer ${token}`,
          "Content-Type: application/json",
          `Content-Length: ${body.length}`,
        ];
        const answer = await rawRequest({ port: Number(port), lines, body });
        assert.equal(answer.status, status, query);
        assert.equal(JSON.parse(answer.body).error, error);
      }
    },
  );

  it(
    "E-C-06: when the stream is closed the session is over, and nothing of it is left",
    LIMIT,
    async () => {
      const session = await open();
      await session.initialize();
      await session.say(request(1, "silent/x"));
      await session[Symbol.asyncDispose]();
      await nothingLeft(await gateway());
      const response = await session.post(request(2, "x/echo"));
      await response.body?.cancel();
      assert.equal(response.status, 404);
    },
  );

  for (const revision of ["2024-11-05", "2025-06-18", "2025-11-25"]) {
    it(`E-C-07: ${revision} can be negotiated over it`, LIMIT, async () => {
      await using session = await open();
      const { result } = await session.initialize(revision);
      const { protocolVersion } = result as { protocolVersion: string };
      assert.equal(protocolVersion, revision);
    });
  }
});
