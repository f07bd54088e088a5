// What servers tell without being asked reaches the official clients, over all six transport pairs.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startEverything } from "../support/reference_servers.ts";
import { overTransport } from "../support/servers.ts";
import { COMBINATIONS, LIMIT, named, sharedWorld } from "../support/world.ts";

const [FIRST, SECOND] = [
  "demo://resource/dynamic/text/1",
  "demo://resource/dynamic/blob/2",
];

describe("six pairs, notifications", () => {
  const world = sharedWorld(() => startEverything());

  for (const { sdk, client: transport, backend } of COMBINATIONS) {
    const pair = `${sdk}, ${named({ client: transport, backend })}`;

    // A server that has asked for roots has a stream on which it can tell things.
    const connect = async () => {
      const server = overTransport(backend);
      const client = await (await world()).official(sdk, transport, server);
      await client.counterpart.requests.until(
        "that the server asks for roots",
        ({ method }) => method === "roots/list",
      );
      return client;
    };

    it(`${pair}: log messages of the level that was set`, LIMIT, async () => {
      await using client = await connect();
      await client.verbs.setLoggingLevel("error");
      await client.verbs.subscribeResource({ uri: FIRST });
      await client.verbs.setLoggingLevel("info");
      await client.verbs.subscribeResource({ uri: SECOND });
      const { notifications } = client.counterpart;
      await notifications.until(
        "the log message about the second resource",
        ({ method, params }) =>
          method === "notifications/message" &&
          String(params?.data).includes(SECOND),
      );
      const about = JSON.stringify(notifications.all);
      assert.ok(!about.includes(FIRST), about);
    });

    it(`${pair}: updates of what was subscribed to`, LIMIT, async () => {
      await using client = await connect();
      await client.verbs.subscribeResource({ uri: FIRST });
      await client.verbs.subscribeResource({ uri: SECOND });
      await client.verbs.unsubscribeResource({ uri: FIRST });
      await client.callTool("toggle-subscriber-updates");
      const { notifications } = client.counterpart;
      const { params } = await notifications.until(
        "an update",
        ({ method }) => method === "notifications/resources/updated",
      );
      assert.deepEqual(params, { uri: SECOND });
      await client.callTool("toggle-subscriber-updates");
    });

    it(`${pair}: progress`, LIMIT, async () => {
      await using client = await connect();
      const noticed: unknown[] = [];
      const { content } = await client.callTool(
        "trigger-long-running-operation",
        { duration: 0.2, steps: 4 },
        { onprogress: (progress) => void noticed.push(progress) },
      );
      assert.match(JSON.stringify(content), /completed.*0\.2 seconds/);
      const { all } = client.counterpart.arrived;
      const result = all.findIndex((one) => one.result !== undefined);
      const steps = all.slice(0, result)
        .filter(({ method }) => method === "notifications/progress")
        .map(({ params }) => params?.progress);
      assert.deepEqual(steps, [1, 2, 3, 4]);
      // The SDKs lose those that come in one chunk with the result.
      assert.deepEqual(noticed[0], { progress: 1, total: 4 });
    });
  }
});
