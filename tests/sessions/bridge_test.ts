// Two channels joined: what crosses, what does not, and how it ends.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GatewayError } from "../../lib/errors.ts";
import { bridge } from "../../lib/sessions/bridge.ts";
import type { LogLine } from "../support/log_lines.ts";
import { logInto } from "../support/log_lines.ts";
import { MemoryChannel } from "../support/memory_channel.ts";

const MAX_REQUESTS = 10;

function join() {
  const client = new MemoryChannel();
  const backend = new MemoryChannel();
  const counts = { fromClient: 0, fromBackend: 0, dropped: 0 };
  const lines: LogLine[] = [];
  const end = bridge(client, backend, {
    counts,
    log: logInto(lines),
    maxRequests: MAX_REQUESTS,
    clientOver: new Promise<undefined>(() => {}),
    onCrossing: () => {},
  });
  return { client, backend, counts, lines, end };
}

describe("a bridge", () => {
  it("carries requests, answers and notifications both ways", async () => {
    const { client, backend, end, counts } = join();
    client.say({ id: 1, method: "tools/call" });
    assert.deepEqual(await backend.hear(), {
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
    });
    backend.say({ id: 1, method: "roots/list" });
    assert.equal((await client.hear())?.method, "roots/list");
    client.say({ id: 1, result: { roots: [] } });
    assert.deepEqual((await backend.hear())?.result, { roots: [] });
    backend.say({ id: 1, result: { content: [] } });
    assert.deepEqual((await client.hear())?.result, { content: [] });
    client.leave();
    assert.deepEqual(await end, { by: "client" });
    assert.deepEqual(counts, { fromClient: 2, fromBackend: 2, dropped: 0 });
  });

  it("answers pings on the spot, on both sides", async () => {
    const { client, backend, end } = join();
    client.say({ id: "p", method: "ping" });
    assert.deepEqual(await client.hear(), {
      jsonrpc: "2.0",
      id: "p",
      result: {},
    });
    backend.say({ id: "q", method: "ping" });
    assert.deepEqual(await backend.hear(), {
      jsonrpc: "2.0",
      id: "q",
      result: {},
    });
    client.leave();
    await end;
  });

  it("answers each request once, also where the backend answers what was cancelled", async () => {
    const { client, backend, end } = join();
    for (const id of [1, 2]) client.say({ id, method: "tools/call" });
    await backend.hear();
    await backend.hear();
    client.leave(new GatewayError("shutting_down", "The gateway stops"));
    for (
      let heard = await backend.hear();
      heard;
      heard = await backend.hear()
    ) {
      const id = heard.params?.requestId as number;
      backend.say({ id, error: { code: 0, message: "cancelled" } });
    }
    await end;
    const answered: unknown[] = [];
    for (let told = await client.hear(); told; told = await client.hear()) {
      answered.push(told.id);
    }
    assert.deepEqual(answered, [1, 2]);
  });

  it("answers what the client still waits for when the backend dies, with the reason", async () => {
    const { client, backend, end } = join();
    client.say({ id: 1, method: "tools/call" });
    client.say({ id: 2, method: "tools/list" });
    await backend.hear();
    await backend.hear();
    const death = new GatewayError("backend_exited", "it exited with code 3");
    backend.leave(death);
    const answers = [await client.hear(), await client.hear()];
    assert.deepEqual(answers.map((one) => [one?.id, one?.error]), [
      [1, {
        code: -32603,
        message: "it exited with code 3",
        data: { fault: "backend_exited" },
      }],
      [2, {
        code: -32603,
        message: "it exited with code 3",
        data: { fault: "backend_exited" },
      }],
    ]);
    assert.deepEqual(await end, { by: "backend", error: death });
    assert.ok(client.closed && backend.closed);
  });

  it("cancels at the backend what a client that leaves had asked", async () => {
    const { client, backend, end } = join();
    client.say({ id: 7, method: "tools/call" });
    await backend.hear();
    client.leave();
    await end;
    const cancelled = await backend.hear();
    assert.equal(cancelled?.method, "notifications/cancelled");
    assert.equal(cancelled?.params?.requestId, 7);
  });

  it("does not cancel the initialize of a client that leaves", async () => {
    const { client, backend, end } = join();
    client.say({ id: 7, method: "initialize" });
    await backend.hear();
    client.leave();
    await end;
    assert.equal(await backend.hear(), undefined);
  });

  it("cancels at the client what a backend that dies had asked", async () => {
    const { client, backend, end } = join();
    backend.say({ id: 7, method: "sampling/createMessage" });
    await client.hear();
    backend.leave();
    await end;
    const cancelled = await client.hear();
    assert.equal(cancelled?.method, "notifications/cancelled");
    assert.equal(cancelled?.params?.requestId, 7);
  });

  it("answers for the client what the backend asks beyond the bound", async () => {
    const { client, backend, end } = join();
    for (let id = 0; id <= MAX_REQUESTS; id++) {
      backend.say({ id, method: "roots/list" });
    }
    const answer = await backend.hear();
    assert.equal(answer?.id, MAX_REQUESTS);
    assert.equal(answer?.error?.code, -32000);
    client.leave();
    await end;
  });

  it("drops an answer that nobody asked for, and says so", async () => {
    const { client, backend, end, lines, counts } = join();
    backend.say({ id: 9, result: {} });
    backend.say({ method: "notifications/after" });
    assert.equal((await client.hear())?.method, "notifications/after");
    client.leave();
    await end;
    assert.equal(counts.dropped, 1);
    const [line] = lines.filter(({ msg }) => msg === "Message dropped");
    assert.equal(line?.level, "WARN");
    assert.equal(line?.reason, "unasked_answer");
  });
});
