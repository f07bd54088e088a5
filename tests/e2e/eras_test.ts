// A client that knows both eras speaks the modern one where its transport has that and the gateway announces it, and else falls back.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { startEverything } from "../support/reference_servers.ts";
import { startScripted, textOf } from "../support/scripted_server.ts";
import type { Report } from "../support/scripted_server.ts";
import { overTransport } from "../support/servers.ts";
import { LIMIT, named, PAIRS, sharedWorld } from "../support/world.ts";

const AUTO = { negotiation: "auto" } as const;

describe("a client of both eras", () => {
  const real = sharedWorld(() => startEverything());
  const scripted = sharedWorld(startScripted);

  for (const { client: transport, backend } of PAIRS) {
    const pair = named({ client: transport, backend });
    const server = overTransport(backend);

    // Over stdio a server of the initialize era is more itself in a session.
    const era = transport === "sse" || backend === "stdio"
      ? "legacy"
      : "modern";

    it(`${pair}: is ${era} and works`, LIMIT, async () => {
      await using client = await (await real())
        .official("v2", transport, server, AUTO);
      assert.equal(client.era, era);
      const { content } = await client.callTool("get-sum", { a: 1, b: 2 });
      assert.match(JSON.stringify(content), /The sum of 1 and 2 is 3/);
      await client.callTool("trigger-sampling-request", { prompt: "hello" });
      const { requests } = client.counterpart;
      const methods = requests.all.map(({ method }) => method);
      assert.ok(methods.includes("sampling/createMessage"), methods.join());
    });

    it(
      `${pair}: its backend hears nothing of how it found out`,
      LIMIT,
      async () => {
        await using client = await (await scripted())
          .official("v2", transport, server, AUTO);
        const steps = [{ report: true }];
        const report = await client.request("script/run", { steps });
        const { heard } = report as unknown as Report;
        const methods = heard.map((one) =>
          (JSON.parse(textOf(one)) as Message).method
        );
        assert.deepEqual(methods, [
          "initialize",
          "notifications/initialized",
          "script/run",
        ]);
      },
    );
  }
});
