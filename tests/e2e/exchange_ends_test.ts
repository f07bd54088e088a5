// How exchanges end before their time: the client leaves, its token expires, the gateway stops, or there are too many.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { META } from "../../lib/protocol/meta.ts";
import { EventReader } from "../support/event_reader.ts";
import { ExchangeClient } from "../support/exchange_client.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { textOf } from "../support/scripted_server.ts";
import type { Report, Step } from "../support/scripted_server.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";

const SAY: Step = { say: '{"jsonrpc":"2.0","method":"x/notice"}' };
const CANCELLED: Step = { wait: { method: "notifications/cancelled" } };
const NEVER: Step = { wait: { method: "notifications/never" } };

function clientOf(
  { url }: InProcessGateway,
  token: string = TOKENS.alice,
): ExchangeClient {
  return new ExchangeClient(`${url}/files/mcp`, token);
}

/** Resolves when the server works on a request of this method. */
async function begun(client: ExchangeClient, method: string): Promise<void> {
  const steps = [{ wait: { method } }, { report: true }] as const;
  await client.ask("script/run", { steps });
}

/** The methods of the requests that were cancelled, once one was. */
async function cancelled(client: ExchangeClient): Promise<unknown[]> {
  const steps = [CANCELLED, { report: true }];
  const { answer } = await client.ask("script/run", { steps });
  const messages: Message[] = (answer.result as Report).heard.map((one) =>
    JSON.parse(textOf(one))
  );
  return messages.filter(({ method }) => method === "notifications/cancelled")
    .map(({ params }) =>
      messages.find(({ id }) => id === params?.requestId)?.method
    );
}

describe("a client that leaves", () => {
  it(
    "M-C-22: cancels what it waits for, before it was told anything",
    LIMIT,
    async () => {
      await using gateway = await startGateway({ files: SCRIPTED });
      const client = clientOf(gateway);
      const asked = client.request("silent/work");
      const socket = await client.sendRaw(asked);
      await begun(client, "silent/work");
      socket.destroy();
      assert.deepEqual(await cancelled(client), ["silent/work"]);
    },
  );

  it("M-C-22: cancels what it waits for on a stream", LIMIT, async () => {
    await using gateway = await startGateway({ files: SCRIPTED });
    const client = clientOf(gateway);
    const asked = client.request("script/run", { steps: [SAY, NEVER] });
    const stream = new EventReader(await client.post(asked));
    await stream.message();
    await stream.leave();
    assert.deepEqual(await cancelled(client), ["script/run"]);
  });
});

describe("exchanges", () => {
  it(
    "are bounded for each token, and the refusal names the limit",
    LIMIT,
    async () => {
      const limits = { sessionsPerToken: 2 };
      await using gateway = await startGateway({ files: SCRIPTED }, { limits });
      const client = clientOf(gateway);
      const streams: EventReader[] = [];
      // Each in a session of its own, where what is said can only belong to it.
      for (const capabilities of [{}, { roots: {} }]) {
        const steps = [SAY, NEVER];
        const asked = client.request("script/run", { steps }, { capabilities });
        streams.push(new EventReader(await client.post(asked)));
      }
      const refused = await client.post(client.request("x/echo"));
      assert.equal(refused.status, 429);
      assert.equal(refused.headers.get("retry-after"), "10");
      const { error, id } = await refused.json();
      assert.equal(id, 1);
      assert.equal(error.code, -32603);
      assert.equal(error.data.fault, "too_many_sessions");
      await gateway.logged("Request refused", { limit: "sessionsPerToken" });
      const other = await clientOf(gateway, TOKENS.bob).ask("x/echo");
      assert.equal(other.response.status, 200);
      for (const stream of streams) await stream.leave();
      let { response } = await client.ask("x/echo");
      // The places are given back when the streams are known to be left.
      while (
        response.status === 429
      ) ({ response } = await client.ask("x/echo"));
      assert.equal(response.status, 200);
    },
  );

  it(
    "end with their token, and with them the server's child",
    LIMIT,
    async () => {
      const expires = new Date(Date.now() + 2_000).toISOString();
      const tokens = {
        temp: { value: "a-token-that-ends-0123456789", expires },
      };
      const auth = { kind: "bearer_token", tokens };
      await using gateway = await startGateway({ files: SCRIPTED }, { auth });
      const client = clientOf(gateway, tokens.temp.value);
      const steps = [SAY, NEVER];
      const { answer } = await client.ask("script/run", { steps });
      assert.equal(answer.id, 1);
      assert.match(String(answer.error?.message), /"temp" has expired/);
      await gateway.logged("Backend exited");
      const after = await client.post(client.request("x/echo"));
      assert.equal(after.status, 401);
      assert.equal((await after.json()).error, "invalid_token");
    },
  );
});

describe("a gateway that stops", () => {
  it(
    "lets calls finish, takes no more, and ends the server's child",
    LIMIT,
    async () => {
      await using gateway = await startGateway({ files: SCRIPTED });
      const client = clientOf(gateway);
      const steps = [SAY, CANCELLED, { report: true }];
      const asked = client.request("script/run", { steps });
      const stream = new EventReader(await client.post(asked));
      await stream.message();
      const other = await client.sendRaw(client.request("silent/work"));
      await begun(client, "silent/work");
      const closed = gateway.close(10_000);
      const refused = await client.post(client.request("x/echo"));
      assert.equal(refused.status, 503);
      assert.equal((await refused.json()).error.data.fault, "shutting_down");
      other.destroy();
      assert.ok("result" in await stream.message());
      await closed;
      await gateway.logged("Backend exited");
    },
  );

  it("ends what takes too long, and says why", LIMIT, async () => {
    await using gateway = await startGateway({ files: SCRIPTED });
    const client = clientOf(gateway);
    const asked = client.request("script/run", { steps: [SAY, NEVER] });
    const stream = new EventReader(await client.post(asked));
    await stream.message();
    const closed = gateway.close(0);
    const { error } = await stream.message();
    assert.equal(error?.code, -32603);
    assert.match(String(error?.message), /shutting down/);
    assert.equal(await stream.next(), undefined);
    await closed;
  });
});

describe("a subscription", () => {
  it(
    "M-C-27, M-C-28: ends with its result when the gateway stops, however long calls may take",
    LIMIT,
    async () => {
      await using gateway = await startGateway({ files: SCRIPTED });
      const client = clientOf(gateway);
      const notifications = { resourceSubscriptions: ["a://1"] };
      const asked = client.request("subscriptions/listen", { notifications }, {
        id: "l",
      });
      const response = await client.post(asked);
      assert.equal(response.headers.get("content-type"), "text/event-stream");
      const stream = new EventReader(response);
      const _meta = { [META.subscriptionId]: "l" };
      assert.deepEqual(await stream.message(), {
        jsonrpc: "2.0",
        method: "notifications/subscriptions/acknowledged",
        params: { notifications, _meta },
      });
      const closed = gateway.close(3_600_000);
      assert.deepEqual(await stream.message(), {
        jsonrpc: "2.0",
        id: "l",
        result: { resultType: "complete", _meta },
      });
      assert.equal(await stream.next(), undefined);
      await closed;
    },
  );
});

describe("a server that cannot be reached", () => {
  const gateway = sharedGateway({
    files: { command: "node", args: ["-e", "process.exit(3)"] },
  });

  it("M-C-20: is told as an error of the request, at once", LIMIT, async () => {
    const running = await gateway();
    for (const method of ["server/discover", "tools/list"]) {
      const { response, answer } = await clientOf(running).ask(method);
      assert.equal(response.status, 200);
      assert.equal(answer.error?.code, -32603);
      assert.match(String(answer.error?.message), /exited with code 3/);
    }
    await running.logged("Backend request failed", { fault: "backend_exited" });
  });
});
