// A session belongs to the token that opened it: to any other one it does not exist.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TOKENS } from "../support/in_process_gateway.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import { request, StreamableSession } from "../support/streamable_session.ts";

describe("the owner of a session", () => {
  const gateway = sharedGateway({ one: SCRIPTED, two: SCRIPTED });

  it(
    "L-C-06: another token gets 404 for the id of a Streamable HTTP session, by POST, GET and DELETE",
    LIMIT,
    async () => {
      const running = await gateway();
      const url = `${running.url}/one/mcp`;
      const own = await StreamableSession.begin({ url, token: TOKENS.alice });
      const stolen = new StreamableSession(url, TOKENS.bob, own.id);
      const posted = await stolen.post(request(1, "x/echo"));
      const body = await posted.json();
      assert.equal(posted.status, 404);
      assert.equal(body.id, 1);
      assert.equal(body.error.code, -32001);
      const listened = await stolen.listen();
      assert.equal(listened.status, 404);
      assert.equal((await listened.json()).error, "session_not_found");
      assert.equal(await stolen.end(), 404);
      const warned = await running.logged(
        "Session of another token asked for",
        { token_name: "bob", server: "one" },
      );
      assert.notEqual(warned.session, own.id);
      assert.ok("result" in await own.call(2, "x/echo"), "it goes on");
      assert.equal(await own.end(), 204);
    },
  );

  it(
    "another token gets 404 at the message endpoint of an SSE session",
    LIMIT,
    async () => {
      const url = `${(await gateway()).url}/one/sse`;
      await using own = await SseSession.open({ url, token: TOKENS.alice });
      await own.initialize();
      const response = await own.post(request(1, "x/echo"), {
        authorization: `Bearer ${TOKENS.bob}`,
      });
      assert.equal(response.status, 404);
      assert.equal((await response.json()).error, "session_not_found");
      assert.ok("result" in await own.call(2, "x/echo"), "it goes on");
    },
  );

  it(
    "the id of a session is good for its own server and transport only",
    LIMIT,
    async () => {
      const { url } = await gateway();
      const token = TOKENS.alice;
      await using sse = await SseSession.open({ url: `${url}/one/sse`, token });
      const streamable = await StreamableSession.begin({
        url: `${url}/one/mcp`,
        token,
      });
      const sseId = sse.endpoint.searchParams.get("sessionId") as string;
      const elsewhere = [
        new StreamableSession(`${url}/two/mcp`, token, streamable.id),
        new StreamableSession(`${url}/one/mcp`, token, sseId),
      ];
      for (const session of elsewhere) {
        const response = await session.post(request(1, "x/echo"));
        await response.body?.cancel();
        assert.equal(response.status, 404);
      }
      const messages = [
        `${url}/two/messages?sessionId=${sseId}`,
        `${url}/one/messages?sessionId=${streamable.id}`,
      ];
      for (const target of messages) {
        const response = await fetch(target, {
          method: "POST",
          headers: {
            authorization: `Bearer ${token}`,
            "content-type": "application/json",
          },
          body: JSON.stringify(request(1, "x/echo")),
        });
        await response.body?.cancel();
        assert.equal(response.status, 404, target);
      }
      await streamable.end();
    },
  );

  it(
    "L-C-04: session ids are visible ASCII, long, and never the same",
    LIMIT,
    async () => {
      const url = `${(await gateway()).url}/one/mcp`;
      const begin = () => StreamableSession.begin({ url, token: TOKENS.alice });
      const sessions = await Promise.all([begin(), begin(), begin()]);
      for (const { id } of sessions) assert.match(id, /^[\x21-\x7e]{32,}$/);
      assert.equal(new Set(sessions.map(({ id }) => id)).size, 3);
      await Promise.all(sessions.map((session) => session.end()));
    },
  );
});
