// A modern client at the root, where all servers are one and know sessions only.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { connectOfficial } from "../support/connect_official.ts";
import { TOKENS } from "../support/in_process_gateway.ts";
import { EVERYTHING, MixedServers } from "../support/mixed_servers.ts";
import type { OfficialClient } from "../support/official_client.ts";
import { LIMIT, sharedWorld } from "../support/world.ts";

describe("a modern client at the root", () => {
  const world = sharedWorld(() => MixedServers.start());

  async function connect(): Promise<OfficialClient> {
    const url = `${(await world()).gateway.url}/mcp`;
    const transport = "streamable-http";
    const target = { transport, url, token: TOKENS.alice } as const;
    return await connectOfficial("v2", target, { negotiation: "modern" });
  }

  it("sees the tools of all, and calls them", LIMIT, async () => {
    await using client = await connect();
    assert.equal(client.era, "modern");
    const { tools } = await client.verbs.listTools();
    for (const server of EVERYTHING) {
      assert.ok(tools.some(({ name }) => name === `${server}__get-sum`));
      const sum = await client.callTool(`${server}__get-sum`, { a: 1, b: 2 });
      assert.match(JSON.stringify(sum.content), /The sum of 1 and 2 is 3/);
    }
    const [first] = EVERYTHING;
    const { gateway } = await world();
    const line = await gateway.logged("Authenticated request", {
      tool: `${first}__get-sum`,
    });
    assert.equal(line.server, first);
  });

  it(
    "is asked by several servers at once, each for its own call, in one session",
    LIMIT,
    async () => {
      await using client = await connect();
      await client.verbs.listTools();
      const answers = await Promise.all(
        EVERYTHING.map((server) =>
          client.callTool(`${server}__trigger-sampling-request`, {
            prompt: `the prompt of ${server}`,
          })
        ),
      );
      for (const { content } of answers) {
        assert.match(JSON.stringify(content), /a sampled answer: ünï↯😀/);
      }
      const asked = JSON.stringify(client.counterpart.requests.all);
      for (const server of EVERYTHING) {
        assert.ok(asked.includes(`the prompt of ${server}`));
      }
      const { gateway } = await world();
      const opened = gateway.log.filter(({ msg, transport, server }) =>
        msg === "Session opened" && transport === "exchanges" && server === "*"
      );
      assert.equal(opened.length, 1);
    },
  );

  it("listens to all", LIMIT, async () => {
    await using client = await connect();
    const uri = "demo://resource/dynamic/text/1";
    const filter = { resourceSubscriptions: [uri], resourcesListChanged: true };
    const subscription = await client.listen?.(filter);
    assert.deepEqual(subscription?.honoredFilter, filter);
    const { notifications } = client.counterpart;
    const [holder] = EVERYTHING;
    await client.callTool(`${holder}__toggle-subscriber-updates`);
    const { params } = await notifications.until(
      "an update",
      ({ method }) => method === "notifications/resources/updated",
    );
    assert.equal(params?.uri, uri);
    await client.callTool(`${holder}__toggle-subscriber-updates`);
    await subscription?.close();
  });
});
