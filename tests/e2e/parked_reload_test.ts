// What a new configuration does to a call of a modern client that waits for its answers, in a session kept with a legacy server.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { retryOf } from "../support/bridged_clients.ts";
import { ExchangeClient, outcomeOf } from "../support/exchange_client.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { Puppets } from "../support/puppets.ts";
import type { Puppet } from "../support/puppets.ts";
import { LIMIT } from "../support/shared_gateway.ts";

const OTHER = "another-value-0123456789";
const YES = { elicitation_1: { action: "accept" } };

interface Scene extends AsyncDisposable {
  readonly gateway: InProcessGateway;
  readonly puppets: Puppets;
  /** The child that the call is at. */
  readonly server: Puppet;
  /** The request with the answers that it waits for. */
  readonly retry: Message;
}

function client({ url }: InProcessGateway, token: string): ExchangeClient {
  const capabilities = { elicitation: {} };
  return new ExchangeClient(`${url}/played/mcp`, token, { capabilities });
}

/** A call of alice, in which the server has asked for something. */
async function park(): Promise<Scene> {
  const puppets = await Puppets.start();
  const gateway = await startGateway({ played: puppets.entry });
  const alice = client(gateway, TOKENS.alice);
  const request = alice.request("tools/call", { name: "ask" });
  const outcome = alice.post(request).then(outcomeOf);
  const server = await puppets.legacy(1);
  await server.told("tools/call");
  server.say({ id: "q", method: "elicitation/create", params: {} });
  const { result } = (await outcome).answer;
  const { requestState } = result as { readonly requestState: string };
  return {
    gateway,
    puppets,
    server,
    retry: retryOf(request, requestState, YES),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await puppets[Symbol.asyncDispose]();
    },
  };
}

/** What becomes of the retry with a token. */
async function told(
  { gateway, retry }: Scene,
  token: string = TOKENS.alice,
): Promise<{ readonly status: number; readonly answer: Message }> {
  const response = await client(gateway, token).post(retry);
  const { answer } = await outcomeOf(response);
  return { status: response.status, answer };
}

async function assertRefused(scene: Scene, token?: string): Promise<void> {
  const { answer } = await told(scene, token);
  assert.equal(answer.error?.code, -32602);
  assert.match(answer.error.message, /^The requestState was not given out/);
}

/** The retry is answered by the server that the call is at. */
async function assertResumed(scene: Scene): Promise<void> {
  const outcome = told(scene);
  const { result } = (await scene.server.answered("q")).message;
  assert.deepEqual(result, { action: "accept" });
  await scene.server.answer("tools/call", { by: "the first" });
  const { answer } = await outcome;
  assert.equal((answer.result as { by?: string }).by, "the first");
}

/** The child of this number is of the legacy era. */
async function declines(puppets: Puppets, number: number): Promise<void> {
  const server = await puppets.life(number);
  const { message: { id } } = await server.told("server/discover");
  server.say({ id, error: { code: -32601, message: "Method not found" } });
}

function withTokens(tokens: Readonly<Record<string, unknown>>) {
  return { auth: { kind: "bearer_token", tokens } };
}

describe("a parked call under another configuration", () => {
  it("goes on where nothing of its own has changed", LIMIT, async () => {
    await using scene = await park();
    const { gateway, puppets } = scene;
    const tokens = withTokens({ alice: TOKENS.alice, new: OTHER });
    gateway.reload({ played: puppets.entry, other: puppets.entry }, tokens);
    await assertResumed(scene);
  });

  it(
    "ends with its child when its token loses the server, and does not come back with the right",
    LIMIT,
    async () => {
      await using scene = await park();
      const { gateway, puppets } = scene;
      gateway.reload({ played: { ...puppets.entry, authTokens: ["bob"] } });
      assert.equal((await told(scene)).status, 401);
      await scene.server.gone;
      gateway.reload({ played: puppets.entry });
      await assertRefused(scene);
    },
  );

  it(
    "ends with its child when its server is removed, and does not come back with it",
    LIMIT,
    async () => {
      await using scene = await park();
      const { gateway, puppets } = scene;
      gateway.reload({ other: puppets.entry });
      assert.equal((await told(scene)).status, 404);
      await scene.server.gone;
      gateway.reload({ played: puppets.entry });
      await Promise.all([assertRefused(scene), declines(puppets, 3)]);
    },
  );

  it("goes on at its server as it was", LIMIT, async () => {
    await using scene = await park();
    await using changed = await Puppets.start();
    scene.gateway.reload({ played: changed.entry });
    await Promise.all([assertResumed(scene), declines(changed, 1)]);
  });

  it(
    "ends with its child when its token gets another value, whoever comes for it",
    LIMIT,
    async () => {
      await using scene = await park();
      const { gateway, puppets } = scene;
      gateway.reload({ played: puppets.entry }, withTokens({ alice: OTHER }));
      assert.equal((await told(scene)).status, 401);
      await scene.server.gone;
      await assertRefused(scene, OTHER);
    },
  );

  it(
    "is not gone on with by other rules, by which it might not be allowed",
    LIMIT,
    async () => {
      await using scene = await park();
      const { gateway, puppets } = scene;
      const tools = { deny: ["ask"] };
      const alice = { value: TOKENS.alice, tools };
      gateway.reload({ played: puppets.entry }, withTokens({ alice }));
      await assertRefused(scene);
      assert.deepEqual(
        scene.server.heard.all.filter(({ message }) => message.id === "q"),
        [],
      );
      gateway.reload({ played: puppets.entry });
      await assertResumed(scene);
    },
  );
});
