// Servers of each era, and of both, for clients of each: what the gateway finds out of them, and what it does when that changes.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { connectOfficial } from "../support/connect_official.ts";
import type { Negotiation } from "../support/official_client.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { modernOverHttp, modernOverStdio } from "../support/modern_server.ts";
import type { ModernServer, SpokenEra } from "../support/modern_server.ts";
import { noChildLeft } from "../support/leftovers.ts";
import { LIMIT } from "../support/shared_gateway.ts";

const START = { http: modernOverHttp, stdio: modernOverStdio };
const BRIDGES = ["auto", "always", "native"] as const;

/** One server behind several entries of a gateway, which differ in `bridge`. */
class World implements AsyncDisposable {
  readonly server: ModernServer;
  readonly gateway: InProcessGateway;

  private constructor(server: ModernServer, gateway: InProcessGateway) {
    this.server = server;
    this.gateway = gateway;
  }

  static async start(over: keyof typeof START, era: SpokenEra): Promise<World> {
    const server = await START[over](era);
    const entries = BRIDGES.map((
      bridge,
    ) => [bridge, { ...server.entry, bridge }]);
    return new World(server, await startGateway(Object.fromEntries(entries)));
  }

  connect(bridge: string, negotiation: Negotiation) {
    const url = `${this.gateway.url}/${bridge}/mcp`;
    const transport = "streamable-http" as const;
    const target = { transport, url, token: TOKENS.alice };
    return connectOfficial("v2", target, { negotiation });
  }

  /** The era in which a client works, or that it does not. */
  async eraOf(bridge: string, negotiation: Negotiation): Promise<string> {
    try {
      await using client = await this.connect(bridge, negotiation);
      const { content } = await client.callTool("echo", { text: "hello" });
      assert.match(JSON.stringify(content), /hello/);
      return client.era as string;
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return "refused";
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }
}

/** By `bridge`: what becomes of clients that speak only the initialize era, only the modern one, or both. */
const EXPECTED: Readonly<
  Record<string, Readonly<Record<string, readonly string[]>>>
> = {
  "http modern": {
    auto: ["legacy", "modern", "modern"],
    native: ["refused", "modern", "modern"],
  },
  "stdio modern": {
    auto: ["legacy", "modern", "modern"],
    native: ["refused", "modern", "modern"],
  },
  "http both": { native: ["legacy", "modern", "modern"] },
  "stdio both": { auto: ["legacy", "modern", "modern"] },
  "http legacy": {
    auto: ["legacy", "modern", "modern"],
    native: ["legacy", "refused", "legacy"],
  },
  "stdio legacy": {
    // A client that asks first is shown what the server is; the official one does not go on without.
    auto: ["legacy", "refused", "legacy"],
    always: ["legacy", "modern", "modern"],
    native: ["legacy", "refused", "legacy"],
  },
};

describe("a server", () => {
  for (const [kind, expected] of Object.entries(EXPECTED)) {
    it(
      `of the kind "${kind}" is seen by clients as "bridge" says`,
      LIMIT,
      async () => {
        const [over, era] = kind.split(" ") as [keyof typeof START, SpokenEra];
        await using world = await World.start(over, era);
        for (const [bridge, eras] of Object.entries(expected)) {
          const seen: string[] = [];
          for (const negotiation of ["legacy", "modern", "auto"] as const) {
            seen.push(await world.eraOf(bridge, negotiation));
          }
          assert.deepEqual(seen, eras, bridge);
        }
      },
    );
  }

  for (const over of ["http", "stdio"] as const) {
    it(
      `over ${over} that changes its era is found out anew`,
      LIMIT,
      async () => {
        await using world = await World.start(over, "legacy");
        const both = async () => [
          await world.eraOf("always", "legacy"),
          await world.eraOf("always", "modern"),
        ];
        assert.deepEqual(await both(), ["legacy", "modern"]);
        for (const era of ["modern", "legacy"] as const) {
          world.server.era = era;
          if (over === "stdio") await noChildLeft(world.gateway);
          assert.deepEqual(await both(), ["legacy", "modern"], era);
        }
      },
    );
  }

  it(
    "of the modern era is asked for sessions once, and for its era once",
    LIMIT,
    async () => {
      await using world = await World.start("stdio", "modern");
      for (let count = 0; count < 3; count++) {
        assert.equal(await world.eraOf("auto", "legacy"), "legacy");
        assert.equal(await world.eraOf("auto", "modern"), "modern");
      }
      // One child that refused a session, and one for all that followed.
      assert.equal(world.server.count, 2);
    },
  );
});
