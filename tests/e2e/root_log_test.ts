// The log of requests at the root: whom a message went to, and which tool it called.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { TOKENS } from "../support/in_process_gateway.ts";
import type { LogRecord } from "../support/in_process_gateway.ts";
import { paging } from "../support/paging_server.ts";
import { LIMIT, sharedGateway } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import {
  initialize,
  notification,
  post,
  request,
  StreamableSession,
} from "../support/streamable_session.ts";

const token = TOKENS.alice;
const LINE = "Authenticated request";

const LONG = "x".repeat(500);

/** Each message with the server and the tool that its line names, once the lists are known. */
const MESSAGES: readonly (readonly [Message, string, string?])[] = [
  [request(1, "tools/list"), "*"],
  [request(2, "prompts/list"), "*"],
  [request(3, "resources/list"), "*"],
  [request(4, "resources/templates/list"), "*"],
  [request(5, "logging/setLevel", { level: "info" }), "*"],
  [request(6, "ping"), "*"],
  [request(7, "tools/call", { name: "one__tool-0" }), "one", "one__tool-0"],
  [request(8, "tools/call", { name: "two__tool-1" }), "two", "two__tool-1"],
  [request(9, "tools/call", { name: "nobody__x" }), "*", "nobody__x"],
  [request(10, "tools/call", { name: LONG }), "*", LONG.slice(0, 128)],
  [request(11, "prompts/get", { name: "two__prompt-0" }), "two"],
  [request(12, "resources/read", { uri: "one://one/1" }), "one"],
  [request(13, "resources/read", { uri: "two://many-0/secret" }), "two"],
  [request(14, "resources/read", { uri: "no://body/secret" }), "*"],
  [request(15, "x/unknown", { name: "one__tool-0" }), "*"],
  [notification("notifications/roots/list_changed"), "*"],
];

describe("the log of requests at the root", () => {
  const gateway = sharedGateway({ one: paging("one"), two: paging("two") });

  async function lineOf(response: Response): Promise<LogRecord> {
    await response.text();
    const request_id = response.headers.get("x-request-id");
    return await (await gateway()).logged(LINE, { request_id });
  }

  function assertLine(
    line: LogRecord,
    server: string,
    tool: string | undefined,
    path: string,
  ): void {
    const { time: _, request_id, session, ...rest } = line;
    assert.deepEqual(rest, {
      level: "INFO",
      msg: LINE,
      token_name: "alice",
      server,
      method: "POST",
      ...(tool === undefined ? {} : { tool }),
      path,
    });
    assert.match(String(request_id), /^[\w-]+$/);
    assert.match(String(session), /^\w+$/);
    assert.deepEqual(Object.keys(line).slice(3, 6), [
      "token_name",
      "server",
      "method",
    ]);
  }

  it(
    "Streamable HTTP: names the server that each message went to, and the tool",
    LIMIT,
    async () => {
      const url = `${(await gateway()).url}/mcp`;
      const session = await StreamableSession.begin({ url, token });
      for (const [message, server, tool] of MESSAGES) {
        const line = await lineOf(await session.post(message));
        assertLine(line, server, tool, "/mcp");
      }
      await session.end();
    },
  );

  it(
    "HTTP+SSE: names the server that each message went to, and the tool",
    LIMIT,
    async () => {
      const url = `${(await gateway()).url}/sse`;
      await using session = await SseSession.open({ url, token });
      await session.initialize();
      for (const [message, server, tool] of MESSAGES) {
        const line = await lineOf(await session.post(message));
        assertLine(line, server, tool, "/messages");
        // The lists are known once they are answered.
        if (message.id !== undefined) {
          assert.equal((await session.events.message()).id, message.id);
        }
      }
    },
  );

  it(
    "at a server's own address it names that server, and the tool by its own name",
    LIMIT,
    async () => {
      const { url } = await gateway();
      for (
        const [address, path] of [
          ["/one/mcp", "/one/mcp"],
          ["/mcp?server=one&x=secret", "/mcp"],
        ] as const
      ) {
        const session = await StreamableSession.begin({
          url: url + address,
          token,
        });
        const called = await session.post(
          request(1, "tools/call", { name: "tool-0" }),
        );
        assertLine(await lineOf(called), "one", "tool-0", path);
        const listed = await session.post(request(2, "tools/list"));
        assertLine(await lineOf(listed), "one", undefined, path);
        await session.end();
      }
    },
  );

  it(
    "a batch is for all where its messages are for several",
    LIMIT,
    async () => {
      const url = `${(await gateway()).url}/mcp`;
      const revision = "2025-03-26";
      const session = await StreamableSession.begin({ url, token, revision });
      const call = (id: number, name: string) =>
        request(id, "tools/call", { name });
      const [one, also, two] = [
        call(1, "one__tool-0"),
        call(2, "one__tool-1"),
        call(3, "two__tool-0"),
      ];
      const same = await lineOf(await session.post([one, also]));
      assertLine(same, "one", undefined, "/mcp");
      const different = await lineOf(await session.post([one, two]));
      assertLine(different, "*", undefined, "/mcp");
      await session.end();
    },
  );

  it("initialize and the streams are for all", LIMIT, async () => {
    const { url } = await gateway();
    const begun = await post(`${url}/mcp`, token, initialize());
    const id = begun.headers.get("mcp-session-id") as string;
    const first = await lineOf(begun);
    assert.deepEqual([first.server, first.path], ["*", "/mcp"]);
    const session = new StreamableSession(`${url}/mcp`, token, id);
    const stream = await session.listen();
    const request_id = stream.headers.get("x-request-id");
    const line = await (await gateway()).logged(LINE, { request_id });
    assert.deepEqual([line.server, line.method], ["*", "GET"]);
    await stream.body?.cancel();
    assert.equal(await session.end(), 204);
    const last = await (await gateway()).logged(LINE, {
      method: "DELETE",
      session: line.session,
    });
    assert.equal(last.server, "*");
  });

  it("holds no token, no uri and no argument", LIMIT, async () => {
    const running = await gateway();
    const url = `${running.url}/mcp`;
    const session = await StreamableSession.begin({ url, token });
    await session.call(1, "tools/call", {
      name: "one__tool-0",
      arguments: { password: "hunter-2" },
    });
    await session.call(2, "resources/read", { uri: "no://body/hunter-2" });
    await session.end();
    const text = await running.logText();
    assert.match(text, /"tool":"one__tool-0"/);
    for (
      const secret of [
        ...Object.values(TOKENS),
        session.id,
        "hunter-2",
        "secret",
        "://body",
        "one://",
      ]
    ) assert.ok(!text.includes(secret), secret);
  });
});
