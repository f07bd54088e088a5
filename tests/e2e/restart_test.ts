// A server that is killed in a call: the client is told at once, and its session goes on with the next one.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { nothingLeft } from "../support/leftovers.ts";
import { MortalServers, stateOf } from "../support/mortal_servers.ts";
import type { OfficialClient } from "../support/official_client.ts";
import { overTransport } from "../support/servers.ts";
import { COMBINATIONS, LIMIT, named, sharedWorld } from "../support/world.ts";

/** Far less than any limit of time that could have ended the wait instead. */
const PROMPTLY_MS = 5_000;
const URI = "demo://ünï";

/** Calls the tool that never answers; resolves once the server is at it, with how the call ends. */
async function hanging(client: OfficialClient) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onprogress = () => resolve();
  const call = client.callTool("hang", {}, { onprogress }).then(
    () => undefined,
    (error: Error) => error,
  );
  await promise;
  return { ended: call };
}

describe("a server that is killed in a call", () => {
  const world = sharedWorld(() => MortalServers.start());

  for (const { sdk, client: transport, backend } of COMBINATIONS) {
    const pair = `${sdk}, ${named({ client: transport, backend })}`;

    it(
      `${pair}: the call fails at once, the session goes on with another`,
      LIMIT,
      async () => {
        const shared = await world();
        const { servers, gateway } = shared;
        const name = overTransport(backend);
        await using client = await shared.official(sdk, transport, name);
        await client.verbs.setLoggingLevel("warning");
        await client.verbs.subscribeResource({ uri: URI });
        const before = await stateOf(client);
        const sessions = await sessionsOpened(gateway);
        const call = await hanging(client);
        const began = performance.now();
        const replaced = servers.replace(backend, before.pid);
        const error = await call.ended;
        assert.ok(performance.now() - began < PROMPTLY_MS);
        assert.match(
          error?.message ?? "",
          backend === "stdio"
            ? /Server "over-stdio" was ended by SIGKILL/
            : new RegExp(`[Ss]erver "${name}"`),
        );
        await replaced;
        const after = await stateOf(client);
        assert.notEqual(after.pid, before.pid);
        assert.deepEqual([after.level, after.uris], ["warning", [URI]]);
        const { notifications } = client.counterpart;
        for (
          const method of [
            "notifications/tools/list_changed",
            "notifications/resources/list_changed",
            "notifications/resources/updated",
          ]
        ) {
          await notifications.until(method, (told) => told.method === method);
        }
        assert.equal(await sessionsOpened(gateway), sessions);
      },
    );
  }

  it("leaves nothing behind, living or dead", LIMIT, async () => {
    await nothingLeft((await world()).gateway);
  });
});

async function sessionsOpened(gateway: InProcessGateway): Promise<number> {
  await gateway.logText();
  return gateway.log.filter(({ msg }) => msg === "Session opened").length;
}
