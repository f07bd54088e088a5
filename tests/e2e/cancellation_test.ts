// A request that an official client cancels is cancelled at the backend, over all six transport pairs.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { startScripted, textOf } from "../support/scripted_server.ts";
import type { Report } from "../support/scripted_server.ts";
import { overTransport } from "../support/servers.ts";
import { COMBINATIONS, LIMIT, named, sharedWorld } from "../support/world.ts";

describe("cancellation", () => {
  const world = sharedWorld(startScripted);

  for (const { sdk, ...pair } of COMBINATIONS) {
    it(`${sdk}, ${named(pair)}: the backend is told`, LIMIT, async () => {
      const server = overTransport(pair.backend);
      await using client = await (await world()).official(
        sdk,
        pair.client,
        server,
      );
      const cancelling = new AbortController();
      const { signal } = cancelling;
      const work = client.request("silent/work", {}, { signal });
      const refused = assert.rejects(work, /enough/);
      await client.request("script/run", {
        steps: [{ wait: { method: "silent/work" } }, { report: true }],
      });
      cancelling.abort("enough");
      await refused;
      const report = await client.request("script/run", {
        steps: [
          { wait: { method: "notifications/cancelled" } },
          { report: true },
        ],
      }) as unknown as Report;
      const heard = report.heard.map((one) =>
        JSON.parse(textOf(one)) as Message
      );
      const begun = heard.find(({ method }) => method === "silent/work");
      const cancelled = heard.find(({ method }) =>
        method === "notifications/cancelled"
      );
      assert.equal(cancelled?.params?.requestId, begun?.id);
      assert.match(String(cancelled?.params?.reason), /enough/);
    });
  }
});
