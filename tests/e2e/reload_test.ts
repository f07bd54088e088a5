// What a new configuration does to what is open: the contract of `docs/reload.md`, line by line.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ExchangeClient } from "../support/exchange_client.ts";
import type { Outcome } from "../support/exchange_client.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { Puppets } from "../support/puppets.ts";
import type { Puppet } from "../support/puppets.ts";
import { connectRaw, request } from "../support/raw_client.ts";
import type { ClientTransport, RawClient } from "../support/raw_client.ts";
import { LIMIT, SCRIPTED } from "../support/shared_gateway.ts";

const TRANSPORTS: readonly ClientTransport[] = ["streamable-http", "sse"];
const OTHER = "another-value-0123456789";
/** The contract says a second; a busy machine may add to it. */
const SOON_MS = 5_000;

/** The token a, and b besides. */
function auth(tokens: Readonly<Record<string, unknown>>) {
  return { auth: { kind: "bearer_token", tokens } };
}

interface Scene extends AsyncDisposable {
  readonly gateway: InProcessGateway;
  readonly puppets: Puppets;
  readonly client: RawClient;
}

/** A session of alice with a server that the test plays, in which a call is under way. */
async function begin(
  transport: ClientTransport,
  server: string | undefined = "played",
): Promise<Scene> {
  const puppets = await Puppets.start();
  const gateway = await startGateway({ played: puppets.entry });
  const to = { url: gateway.url, token: TOKENS.alice, transport };
  const [client] = await Promise.all([
    connectRaw({ ...to, server }),
    puppets.life(1).then((one) => one.hello()),
  ]);
  await client.send(request(1, "x/slow"));
  await (await puppets.life(1)).told("x/slow");
  return {
    gateway,
    puppets,
    client,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await gateway[Symbol.asyncDispose]();
      await puppets[Symbol.asyncDispose]();
    },
  };
}

/** Of the server behind an exchange. */
type Era = "legacy" | "modern";

interface Exchanging extends AsyncDisposable {
  readonly gateway: InProcessGateway;
  readonly puppets: Puppets;
  readonly server: Puppet;
  readonly client: ExchangeClient;
  readonly outcome: Promise<Outcome>;
}

/** An exchange of alice with a server that the test plays. */
async function exchange(era: Era): Promise<Exchanging> {
  const puppets = await Puppets.start();
  const gateway = await startGateway({ played: puppets.entry });
  const client = new ExchangeClient(
    `${gateway.url}/played/mcp`,
    TOKENS.alice,
  );
  const outcome = client.ask("x/slow");
  const server = await puppets[era](1);
  await server.told("x/slow");
  return {
    gateway,
    puppets,
    server,
    client,
    outcome,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await puppets[Symbol.asyncDispose]();
    },
  };
}

/** The session is over: its call is answered with the reason, its child gone, and all of it soon. */
async function cutOff(
  { client, puppets, gateway }: Scene,
  reason: RegExp,
): Promise<void> {
  const begun = performance.now();
  const { message } = await client.answer(1);
  assert.match(message.error?.message ?? "", reason);
  await (await puppets.life(1)).gone;
  await gateway.logged("Session closed");
  assert.ok(performance.now() - begun < SOON_MS);
}

/** The call is answered by the server that it was sent to. */
async function goesOn({ client, puppets }: Scene): Promise<void> {
  const server = await puppets.life(1);
  await server.answer("x/slow", { by: "the first" });
  const { message } = await client.answer(1);
  assert.deepEqual(message.result, { by: "the first" });
}

async function statusOf({ gateway }: Scene, path: string, token: string) {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(gateway.url + path, { headers });
  return { status: response.status, body: await response.text() };
}

for (const transport of TRANSPORTS) {
  describe(`a session (${transport}) under another configuration`, () => {
    it("is not disturbed by what is not its own", LIMIT, async () => {
      await using scene = await begin(transport);
      const { gateway, puppets } = scene;
      gateway.reload(
        { other: SCRIPTED, played: puppets.entry },
        auth({ alice: TOKENS.alice, new: OTHER }),
      );
      const to = { url: gateway.url, token: OTHER, transport };
      await using other = await connectRaw({ ...to, server: "other" });
      assert.ok((await other.ask(request(7, "x/echo"))).message.result);
      await goesOn(scene);
      assert.equal(puppets.count, 1);
    });

    it("ends when its token is removed", LIMIT, async () => {
      await using scene = await begin(transport);
      const { gateway, puppets } = scene;
      gateway.reload({ played: puppets.entry }, auth({ bob: TOKENS.bob }));
      await cutOff(scene, /"alice" has been removed from the configuration/);
      const late = await statusOf(scene, "/played/mcp", TOKENS.alice);
      assert.equal(late.status, 401);
    });

    it("ends when its token gets another value", LIMIT, async () => {
      await using scene = await begin(transport);
      const { gateway, puppets } = scene;
      gateway.reload({ played: puppets.entry }, auth({ alice: OTHER }));
      await cutOff(scene, /"alice" has been given another value/);
      const old = await statusOf(scene, "/played/mcp", TOKENS.alice);
      assert.equal(old.status, 401);
      const now = await statusOf(scene, "/played/mcp", OTHER);
      assert.equal(now.status, 405);
    });

    it("ends when its token expires by the new file", LIMIT, async () => {
      await using scene = await begin(transport);
      const { gateway, puppets } = scene;
      const alice = { value: TOKENS.alice, expires: "2001-01-01" };
      gateway.reload(
        { played: puppets.entry },
        auth({ alice, bob: TOKENS.bob }),
      );
      await cutOff(scene, /"alice" has expired/);
    });

    it("ends when its token loses the server", LIMIT, async () => {
      await using scene = await begin(transport);
      const { gateway, puppets } = scene;
      const played = { ...puppets.entry, authTokens: ["bob"] };
      gateway.reload({ played });
      await cutOff(scene, /"alice" may not use server "played": authTokens/);
    });

    it("ends when its server is removed", LIMIT, async () => {
      await using scene = await begin(transport);
      const { gateway } = scene;
      gateway.reload({ other: SCRIPTED });
      await cutOff(scene, /"played" has been removed from the configuration/);
      const late = await statusOf(scene, "/played/mcp", TOKENS.alice);
      assert.equal(late.status, 404);
      assert.match(late.body, /may use: other/);
    });

    it("goes on at the server as it was, new ones do not", LIMIT, async () => {
      await using scene = await begin(transport);
      await using changed = await Puppets.start();
      const { gateway } = scene;
      gateway.reload({ played: changed.entry });
      const to = { url: gateway.url, token: TOKENS.alice, transport };
      const [next] = await Promise.all([
        connectRaw({ ...to, server: "played" }),
        changed.life(1).then((one) => one.hello()),
      ]);
      await goesOn(scene);
      await next[Symbol.asyncDispose]();
    });

    it("goes on at the root when a second server comes", LIMIT, async () => {
      await using scene = await begin(transport, undefined);
      const { gateway, puppets } = scene;
      gateway.reload({ played: puppets.entry, other: SCRIPTED });
      await goesOn(scene);
    });
  });
}

describe("an exchange under another configuration", () => {
  const changes: readonly [string, (scene: Exchanging) => void, RegExp][] = [
    [
      "its token is removed",
      ({ gateway, puppets }) =>
        gateway.reload({ played: puppets.entry }, auth({ bob: TOKENS.bob })),
      /"alice" has been removed/,
    ],
    [
      "its token loses the server",
      ({ gateway, puppets }) =>
        gateway.reload({ played: { ...puppets.entry, authTokens: ["bob"] } }),
      /"alice" may not use server "played"/,
    ],
    [
      "its server is removed",
      ({ gateway }) => gateway.reload({ other: SCRIPTED }),
      /"played" has been removed/,
    ],
  ];
  for (const era of ["legacy", "modern"] as const) {
    for (const [why, change, reason] of changes) {
      it(
        `with a ${era} server ends when ${why}, and its child with it`,
        LIMIT,
        async () => {
          await using scene = await exchange(era);
          change(scene);
          const { answer } = await scene.outcome;
          assert.match(answer.error?.message ?? "", reason);
          await scene.server.gone;
        },
      );
    }

    it(
      `goes on at a ${era} server as it was, new ones do not`,
      LIMIT,
      async () => {
        await using scene = await exchange(era);
        await using changed = await Puppets.start();
        const { gateway, client } = scene;
        gateway.reload({ played: changed.entry });
        const next = client.ask("x/next");
        const server = await changed[era](1);
        await server.answer("x/next", { by: "the second" });
        await scene.server.answer("x/slow", { by: "the first" });
        const outcomes = await Promise.all([scene.outcome, next]);
        const results = outcomes.map(({ answer }) => answer.result);
        assert.deepEqual(results.map((one) => (one as { by: string }).by), [
          "the first",
          "the second",
        ]);
      },
    );
  }
});

describe("another configuration", () => {
  it("sets other limits for new sessions", LIMIT, async () => {
    await using scene = await begin("streamable-http");
    const { gateway, puppets, client } = scene;
    gateway.reload(
      { played: puppets.entry },
      { limits: { sessionsPerToken: 1 } },
    );
    const refused = await connectRaw({
      url: gateway.url,
      token: TOKENS.alice,
      transport: "streamable-http",
      server: "played",
    }).catch((error: Error) => error.message);
    assert.match(String(refused), /429/);
    await goesOn(scene);
    await client[Symbol.asyncDispose]();
  });
});
