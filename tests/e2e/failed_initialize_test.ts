// An `initialize` over Streamable HTTP that comes to nothing leaves no session and no child.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EventReader } from "../support/event_reader.ts";
import { TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { nothingLeft } from "../support/leftovers.ts";
import { LIMIT, pathOf, sharedGateway } from "../support/shared_gateway.ts";
import { initialize, post, request } from "../support/streamable_session.ts";

const token = TOKENS.alice;

/** An entry of `mcpServers`: a server with one bad habit. */
function server(habit: string) {
  const args = [pathOf("ill_mannered_server.mjs"), habit];
  return { command: "node", args };
}

/** What the log says was begun. */
async function begun(gateway: InProcessGateway): Promise<string[]> {
  await gateway.logText();
  return gateway.log.map(({ msg }) => msg)
    .filter((msg) => msg === "Session opened" || msg === "Backend started");
}

describe("an initialize that comes to nothing", () => {
  const gateway = sharedGateway({
    refuser: server("refuses initialize"),
    late: server("refuses initialize late"),
    silent: server("never answers initialize"),
  });
  const url = async (name: string) => `${(await gateway()).url}/${name}/mcp`;

  for (
    const [what, body, headers, status] of [
      ["with an Accept that fits nothing", initialize(), {
        accept: "text/html",
      }, 406],
      ["in a batch", [initialize()], {}, 400],
      ["as a notification", { ...initialize(), id: undefined }, {}, 400],
      ["with an unknown revision in its header", initialize(), {
        "mcp-protocol-version": "1.0",
      }, 400],
      ["with an unknown session", initialize(), {
        "mcp-session-id": "unknown",
      }, 404],
      ["of another method", request(1, "tools/list"), {}, 400],
    ] as const
  ) {
    it(`${what}: ${status}, and nothing is begun`, LIMIT, async () => {
      const before = await begun(await gateway());
      const response = await post(await url("silent"), token, body, headers);
      await response.body?.cancel();
      assert.equal(response.status, status);
      assert.equal(response.headers.get("mcp-session-id"), null);
      assert.deepEqual(await begun(await gateway()), before);
    });
  }

  it(
    "refused by the server, as JSON or on a stream: all is ended",
    LIMIT,
    async () => {
      const answer = await post(await url("refuser"), token, initialize());
      assert.equal(answer.headers.get("mcp-session-id"), null);
      assert.equal((await answer.json()).error.message, "not today");
      const accept = "text/event-stream";
      const name = await url("refuser");
      const streamed = await post(name, token, initialize(), { accept });
      const [refusal] = await new EventReader(streamed).rest();
      assert.equal(refusal?.error?.message, "not today");
      await nothingLeft(await gateway());
    },
  );

  it(
    "refused after the answer has become a stream: all is ended",
    LIMIT,
    async () => {
      const response = await post(await url("late"), token, initialize());
      const [refusal] = await new EventReader(response).rest();
      assert.equal(refusal?.error?.message, "too late");
      await nothingLeft(await gateway());
    },
  );

  it("given up by the client: all is ended", LIMIT, async () => {
    const running = await gateway();
    const leaving = new AbortController();
    const name = await url("silent");
    const open = post(name, token, initialize(), {}, leaving.signal);
    await running.logged("Backend started", { server: "silent" });
    leaving.abort();
    await assert.rejects(open);
    await nothingLeft(running);
  });
});
