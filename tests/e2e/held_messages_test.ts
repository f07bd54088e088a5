// What a backend says while its Streamable HTTP client has no stream open: it waits, bounded, and never goes elsewhere.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  notification,
  RawStreamableClient,
  request,
} from "../support/raw_client.ts";
import {
  reported,
  result,
  script,
  startScripted,
  textOf,
} from "../support/scripted_server.ts";
import type { Recorded } from "../support/scripted_server.ts";
import { overTransport } from "../support/servers.ts";
import type { BackendTransport } from "../support/servers.ts";
import { LIMIT, sharedWorld } from "../support/world.ts";

const TOLD = notification("notifications/x/told");
const ASKED = request("s", "x/ask");

/** These say nothing of the request a message belongs to. */
const SILENT_ON_RELATION = ["stdio", "sse"] as const;

describe("a message without a stream to go to", () => {
  const world = sharedWorld(startScripted);

  async function connect(backend: BackendTransport) {
    const client = await (await world()).raw({
      client: "streamable-http",
      backend,
    });
    assert.ok(client instanceof RawStreamableClient);
    return client;
  }

  /** A client whose backend has spoken after the end of its only call. */
  async function connectAndMiss(backend: BackendTransport) {
    const client = await connect(backend);
    await client.send(
      script(1, { say: result(1) }, { say: TOLD }, { say: ASKED }),
    );
    await client.answer(1);
    return client;
  }

  for (const backend of SILENT_ON_RELATION) {
    it(`${backend}: waits for a GET stream`, LIMIT, async () => {
      await using client = await connectAndMiss(backend);
      await client.listen();
      const told = await client.asked("notifications/x/told");
      const asked = await client.asked("x/ask");
      assert.deepEqual([told.stream, asked.stream], ["GET", "GET"]);
    });

    it(`${backend}: waits for a call`, LIMIT, async () => {
      await using client = await connectAndMiss(backend);
      await client.send(request(2, "silent/later"));
      const told = await client.asked("notifications/x/told");
      const asked = await client.asked("x/ask");
      assert.deepEqual([told.stream, asked.stream], ["call 2", "call 2"]);
    });

    it(
      `${backend}: never goes to another session, whatever that has open`,
      LIMIT,
      async () => {
        await using other = await connect(backend);
        await other.listen();
        await other.send(request(1, "silent/other"));
        await using client = await connectAndMiss(backend);
        await client.listen();
        await client.asked("x/ask");
        await other.ask(request(2, "x/echo"));
        const ids = other.heard.all.map(({ message }) => message.id);
        assert.deepEqual(ids, [0, 2]);
      },
    );

    it(
      `${backend}: is given up at last, a request with an error for the backend`,
      LIMIT,
      async () => {
        const { gateway } = await world();
        await using client = await connectAndMiss(backend);
        const why = {
          level: "WARN",
          token_name: "alice",
          server: overTransport(backend),
          from: "backend",
          reason: "no stream of the client was open",
        };
        await gateway.logged("Message dropped", {
          ...why,
          kind: "notification",
          method: "notifications/x/told",
        });
        await gateway.logged("Message dropped", {
          ...why,
          kind: "request",
          method: "x/ask",
        });
        const steps = [{ wait: { id: "s" } }, { report: true }] as const;
        const { heard } = reported(await client.ask(script(2, ...steps)));
        const { id, error } = JSON.parse(textOf(heard.at(-2) as Recorded));
        assert.equal(id, "s");
        assert.equal(error.code, -32603);
        assert.match(error.message, /no stream open/);
        const ids = client.heard.all.map(({ message }) => message.id);
        assert.deepEqual(ids, [0, 1, 2]);
      },
    );
  }
});
