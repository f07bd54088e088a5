// Batches, which only revision 2025-03-26 has, are split for the backend and answered as one.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EventReader } from "../support/event_reader.ts";
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
import { BACKEND_TRANSPORTS } from "../support/servers.ts";
import type { BackendTransport } from "../support/servers.ts";
import { LIMIT, sharedWorld } from "../support/world.ts";

describe("batches", () => {
  const world = sharedWorld(startScripted);

  async function connect(backend: BackendTransport, revision: string) {
    const client = await (await world()).raw(
      { client: "streamable-http", backend },
      { revision },
    );
    assert.ok(client instanceof RawStreamableClient);
    return client;
  }

  for (const backend of BACKEND_TRANSPORTS) {
    it(
      `to ${backend}: each message arrives by itself, byte for byte, and the answers come as one array`,
      LIMIT,
      async () => {
        await using client = await connect(backend, "2025-03-26");
        const parts = [
          `{"jsonrpc":"2.0","id":"a","method":"x/first","params":{"v":1.0,"s":"],[\\"{"}}`,
          `{"jsonrpc":"2.0","method":"notifications/x/told","params":{"v":1e3}}`,
          `{"extra":[1.0],"jsonrpc":"2.0","id":"b","method":"x/second"}`,
        ];
        const response = await client.post(` [ ${parts.join(" ,\n")}\t] `);
        assert.equal(response.status, 200);
        assert.equal(response.headers.get("content-type"), "application/json");
        const answers = await response.json() as { id: string }[];
        assert.deepEqual(answers.map(({ id }) => id).sort(), ["a", "b"]);
        const report = reported(
          await client.ask(script("r", { report: true })),
        );
        const heard = report.heard.map(textOf).filter((text) =>
          text.includes("x/")
        );
        assert.deepEqual(heard, parts);
      },
    );

    it(
      `to ${backend}: what the server says before the answers turns them into a stream`,
      LIMIT,
      async () => {
        await using client = await connect(backend, "2025-03-26");
        const told = notification("notifications/x/told");
        const said = [told, result(1, "first"), result(2, "second")];
        const [first, second] = [
          script(1, { wait: { method: "silent/third" } }, { say: told }, {
            say: said[1] as string,
          }),
          script(2, { wait: { method: "notifications/x/go" } }, {
            say: said[2] as string,
          }),
        ];
        const third = request(3, "silent/third");
        const response = await client.post(`[${first},${second},${third}]`);
        assert.equal(response.headers.get("content-type"), "text/event-stream");
        const events = new EventReader(response);
        assert.deepEqual(await textsOf(events, 2), said.slice(0, 2));
        await client.send(notification("notifications/x/go"));
        assert.deepEqual(await textsOf(events, 1), said.slice(2));
        await events.leave();
      },
    );

    it(
      `to ${backend}: a batch without requests is accepted with 202`,
      LIMIT,
      async () => {
        await using client = await connect(backend, "2025-03-26");
        const asks = request("s", "x/ask");
        await client.send(
          script(1, { say: asks }, { wait: { id: "s" } }, { report: true }),
        );
        await client.asked("x/ask");
        const parts = [notification("notifications/x/told"), result("s")];
        const response = await client.post(`[${parts.join()}]`);
        assert.equal(response.status, 202);
        assert.equal(await response.text(), "");
        const { heard } = reported(await client.answer(1));
        assert.deepEqual(heard.map(textOf).slice(-2), parts);
      },
    );
  }

  for (const revision of ["2024-11-05", "2025-06-18", "2025-11-25"]) {
    it(
      `a session of revision ${revision} refuses them whole`,
      LIMIT,
      async () => {
        await using client = await connect("stdio", revision);
        const response = await client.post(`[${request(1, "x/first")}]`);
        assert.equal(response.status, 400);
        const { error } = await response.json();
        assert.equal(error.code, -32600);
        const report = reported(await client.ask(script(2, { report: true })));
        assert.ok(!report.heard.map(textOf).join().includes("x/first"));
      },
    );
  }
});

async function textsOf(events: EventReader, count: number): Promise<string[]> {
  const texts: string[] = [];
  while (texts.length < count) {
    const event = await events.next();
    assert.ok(event, "the stream ended early");
    if (event.data !== "") texts.push(event.data);
  }
  return texts;
}
