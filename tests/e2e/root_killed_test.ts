// Servers behind the root that are killed again and again under load: it is nobody else's matter, and they come back.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { nothingLeft } from "../support/leftovers.ts";
import { mortalOverStdio, MortalServers } from "../support/mortal_servers.ts";
import type { State } from "../support/mortal_servers.ts";
import { RawStreamableClient, request } from "../support/raw_client.ts";
import type { ClientTransport } from "../support/raw_client.ts";
import { officialAtRoot, rawAtRoot } from "../support/root_client.ts";
import type { RootClient } from "../support/root_client.ts";
import { Seen } from "../support/seen.ts";
import { BACKEND_TRANSPORTS, overTransport } from "../support/servers.ts";
import type { BackendTransport } from "../support/servers.ts";
import { LIMIT, World } from "../support/world.ts";

const ROUNDS = 2;
const CALM = ["calm-first", "calm-last"] as const;
const VICTIMS = BACKEND_TRANSPORTS.map(overTransport);
const CHANGED = "notifications/tools/list_changed";

/** Far less than any limit of time that could have ended a wait instead. */
const PROMPTLY_MS = 5_000;

/** How one call ended. */
interface Outcome {
  readonly client: string;
  readonly server: string;
  readonly count: number;
  readonly tookMs: number;
  /** What the server said of itself. */
  readonly state?: State;
  readonly error?: string;
}

/** A client that makes calls, of whichever kind. */
interface Caller extends AsyncDisposable {
  readonly name: string;
  /** Resolves with the answer; rejects with the error that it is. */
  call(server: string, asked: Record<string, unknown>): Promise<State>;
  /** Resolves once it has been told this often that lists have changed. */
  told(count: number): Promise<unknown>;
  /** How often it has been told so. */
  changes(): number;
  /** How many answers there have been to each call, where that is known. */
  answers?(): number[];
}

async function official(
  gateway: InProcessGateway,
  how: RootClient,
): Promise<Caller> {
  const client = await officialAtRoot(gateway, how);
  const { notifications } = client.counterpart;
  const changes = () =>
    notifications.all.filter(({ method }) => method === CHANGED).length;
  return {
    name: `${how.sdk} ${how.transport}`,
    async call(server, asked) {
      const { content } = await client.callTool(`${server}__state`, asked);
      return stateIn(content);
    },
    told: (count) =>
      notifications.until(`${count} changes`, () => changes() >= count),
    changes,
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

async function raw(
  gateway: InProcessGateway,
  transport: ClientTransport,
): Promise<Caller> {
  const client = await rawAtRoot(gateway, transport, { token: TOKENS.bob });
  if (client instanceof RawStreamableClient) await client.listen();
  const said = () => client.heard.all.map(({ message }) => message);
  const changes = () =>
    said().filter(({ method }) => method === CHANGED).length;
  let count = 0;
  return {
    name: `raw ${transport}`,
    async call(server, asked) {
      const params = { name: `${server}__state`, arguments: asked };
      const { message } = await client.ask(
        request(++count, "tools/call", params),
      );
      if (message.error) throw new Error(message.error.message);
      return stateIn((message.result as { content: unknown }).content);
    },
    told: (wanted) =>
      client.heard.until(`${wanted} changes`, () => changes() >= wanted),
    changes,
    answers() {
      const counts = new Map<unknown, number>();
      for (const { id, method } of said()) {
        if (method !== undefined || id === 0) continue;
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
      assert.equal(counts.size, count, "each has been answered");
      return [...counts.values()];
    },
    async [Symbol.asyncDispose]() {
      if (client instanceof RawStreamableClient) await client.end();
      await client[Symbol.asyncDispose]();
    },
  };
}

function stateIn(content: unknown): State {
  return JSON.parse((content as [{ text: string }])[0].text);
}

async function startServers() {
  const mortal = await MortalServers.start();
  const [first, last] = CALM;
  return {
    mortal,
    mcpServers: {
      [first]: mortalOverStdio(first),
      ...mortal.mcpServers,
      [last]: mortalOverStdio(last),
    },
    [Symbol.asyncDispose]: () => mortal[Symbol.asyncDispose](),
  };
}

describe("servers that are killed behind the root, under load", () => {
  const outcomes = new Seen<Outcome>((one) => JSON.stringify(one));
  let callers: readonly Caller[] = [];
  let world: World<Awaited<ReturnType<typeof startServers>>>;

  /** Calls one server until it is over. */
  async function work(caller: Caller, server: string, over: AbortSignal) {
    const { name: client } = caller;
    for (let count = 1; !over.aborted; count++) {
      const began = performance.now();
      const outcome = await caller.call(server, { client, server, count }).then(
        (state) => ({ state }),
        ({ message }: Error) => ({ error: message }),
      );
      const tookMs = performance.now() - began;
      outcomes.add({ client, server, count, tookMs, ...outcome });
    }
  }

  /** Kills all that there is of a server, and sees to it that there is more. */
  async function kill(victim: BackendTransport, known: ReadonlySet<number>) {
    const { mortal } = world.servers;
    for (const pid of known) await mortal.replace(victim, pid);
  }

  /** The ids of the processes that answer for a server at present. */
  function pidsOf(server: string): Set<number> {
    const pids = callers.map(({ name }) =>
      outcomes.all.findLast((one) =>
        one.client === name && one.server === server && one.state
      )?.state?.pid
    );
    return new Set(pids.filter((pid) => pid !== undefined));
  }

  before(async () => {
    world = await World.start(startServers);
    const { gateway } = world;
    callers = [
      await raw(gateway, "sse"),
      await raw(gateway, "streamable-http"),
      await official(gateway, { sdk: "v1", transport: "sse" }),
      await official(gateway, { sdk: "v2", transport: "streamable-http" }),
    ];
    const over = new AbortController();
    const load = Promise.all(
      callers.flatMap((caller) =>
        [...CALM, ...VICTIMS].map((server) => work(caller, server, over.signal))
      ),
    );
    const answered = (server: string, not: ReadonlySet<number>) =>
      Promise.all(callers.map(({ name }) =>
        outcomes.until(
          `${name} is answered by another ${server}`,
          ({ client, server: by, state }) =>
            client === name && by === server && state !== undefined &&
            !not.has(state.pid),
        )
      ));
    try {
      const dead = new Set<number>();
      for (const server of [...CALM, ...VICTIMS]) await answered(server, dead);
      for (let round = 0; round < ROUNDS; round++) {
        for (const victim of BACKEND_TRANSPORTS) {
          const server = overTransport(victim);
          const pids = pidsOf(server);
          for (const pid of pids) dead.add(pid);
          const told = callers.map((caller) => caller.changes());
          await kill(victim, pids);
          await answered(server, dead);
          await Promise.all(
            callers.map((caller, index) =>
              caller.told((told[index] as number) + 1)
            ),
          );
        }
      }
    } finally {
      over.abort();
      await load;
    }
  }, { timeout: 110_000 });

  after(async () => {
    for (const caller of callers) await caller[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  it("calls of the others never fail and never wait", LIMIT, () => {
    const calm = outcomes.all.filter(({ server }) =>
      (CALM as readonly string[]).includes(server)
    );
    assert.ok(calm.length > callers.length * CALM.length * ROUNDS);
    assert.deepEqual(calm.filter(({ state }) => !state), []);
    assert.deepEqual(calm.filter(({ tookMs }) => tookMs > PROMPTLY_MS), []);
  });

  it(
    "every answer is of the server that was asked, and to what it was asked",
    LIMIT,
    () => {
      for (const { client, server, count, state } of outcomes.all) {
        if (!state) continue;
        assert.equal(state.name, server);
        assert.deepEqual(state.asked, { client, server, count });
      }
    },
  );

  it("what a killed server does not answer fails with its name", LIMIT, () => {
    const failed = outcomes.all.filter(({ error }) => error !== undefined);
    assert.ok(failed.length > 0, "something was killed in a call");
    for (const { server, error } of failed) {
      assert.ok(VICTIMS.includes(server), `${server}: ${error}`);
      assert.match(error ?? "", new RegExp(`[Ss]erver "${server}"`));
    }
  });

  it("every call has exactly one answer", LIMIT, () => {
    let known = 0;
    for (const { answers } of callers) {
      for (const count of answers?.() ?? []) {
        assert.equal(count, 1);
        known++;
      }
    }
    assert.ok(known > 0);
  });

  it("nothing is left when the clients have gone", LIMIT, async () => {
    for (const caller of callers) await caller[Symbol.asyncDispose]();
    callers = [];
    await nothingLeft(world.gateway);
  });
});
