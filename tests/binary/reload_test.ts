// A running mcp-front whose config file changes: what it takes, what it refuses, and what that costs those who use it.

import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { startGateway } from "../support/gateway_process.ts";
import type { GatewayProcess } from "../support/gateway_process.ts";
import { Seen } from "../support/seen.ts";
import { LIMIT, SCRIPTED } from "../support/shared_gateway.ts";
import { configWith } from "../support/simple_config.ts";
import { FLOODING } from "../support/stalled_client.ts";
import {
  initialize,
  post,
  request,
  StreamableSession,
} from "../support/streamable_session.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

const OLD = "the-old-token-0123456789";
const NEW = "the-new-token-0123456789";

const RELOADED = "Configuration reloaded";
const FLOOD_BYTES = 1_000;
const LAST_WORDS = 2_000;
/** How many work at the same time. */
const CLIENTS = 8;
/** All of a revoked client is gone within this: the promise of `docs/reload.md`. */
const CUT_OFF_MS = 1_000;

function config(
  tokens: Readonly<Record<string, unknown>>,
  servers: Readonly<Record<string, unknown>> = { one: SCRIPTED },
): Record<string, unknown> {
  const auth = { kind: "bearer_token", tokens };
  return configWith(servers, { auth });
}

/** Puts another file in its place, as editors do. */
function replace({ file }: GatewayProcess, config: unknown): void {
  const text = typeof config === "string" ? config : JSON.stringify(config);
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

async function statusOf(gateway: GatewayProcess, token: string) {
  const response = await post(`${gateway.url}/one/mcp`, token, initialize());
  await response.body?.cancel();
  return response.status;
}

describe("a config file that changes", () => {
  it(
    "is taken as soon as it is seen, and the log says what changed",
    LIMIT,
    async () => {
      await using gateway = await startGateway({
        config: config({ old: OLD }),
      });
      replace(gateway, config({ new: NEW }));
      const line = await gateway.logged(RELOADED);
      assert.deepEqual([line.cause, line.changes], [
        "the file has changed",
        "added token new, removed token old",
      ]);
      assert.equal(await statusOf(gateway, NEW), 200);
      assert.equal(await statusOf(gateway, OLD), 401);
      for (const secret of [OLD, NEW]) {
        assert.ok(!gateway.logs().includes(secret));
      }
    },
  );

  it("is taken at once on SIGHUP", LIMIT, async () => {
    await using gateway = await startGateway({ config: config({ old: OLD }) });
    gateway.child.kill("SIGHUP");
    await gateway.logged("Configuration unchanged", { cause: "SIGHUP" });
    replace(gateway, config({ old: OLD, new: NEW }));
    gateway.child.kill("SIGHUP");
    await gateway.logged(RELOADED, { changes: "added token new" });
  });

  it(
    "is refused as a whole where something is wrong with it",
    LIMIT,
    async () => {
      await using gateway = await startGateway({
        config: config({ old: OLD }),
      });
      replace(
        gateway,
        `{ "version": "1.0",
        "proxy": { "addr": "127.0.0.1:0", "auth": { "kind": "bearer_token",
          "tokens": { "new": "${NEW}" } } },
        "mcpServers": { "one": { "command": "true", "authTokens": ["newer"] } } }`,
      );
      const problem = await gateway.logged("Configuration problem");
      assert.deepEqual([problem.line, problem.path], [
        4,
        "mcpServers.one.authTokens[0]",
      ]);
      await gateway.logged("Configuration not reloaded");
      assert.equal(await statusOf(gateway, OLD), 200);
      assert.equal(await statusOf(gateway, NEW), 401);
      replace(gateway, config({ new: NEW }));
      await gateway.logged(RELOADED);
      assert.equal(await statusOf(gateway, NEW), 200);
    },
  );

  it("may be one that it names", LIMIT, async () => {
    await using folder = await TemporaryFolder.create();
    const secret = join(folder.path, "token");
    writeFileSync(secret, OLD, { mode: 0o600 });
    const named = config({ ci: `$file:${secret}` });
    await using gateway = await startGateway({ config: named });
    writeFileSync(`${secret}.new`, NEW, { mode: 0o600 });
    renameSync(`${secret}.new`, secret);
    await gateway.logged(RELOADED, { changes: "changed token ci (value)" });
    assert.equal(await statusOf(gateway, NEW), 200);
    assert.equal(await statusOf(gateway, OLD), 401);
  });

  it(
    "names what only a restart can change, and takes the rest",
    LIMIT,
    async () => {
      await using gateway = await startGateway({
        config: config({ old: OLD }),
      });
      const { proxy, ...rest } = config({ new: NEW });
      replace(gateway, { proxy: { ...proxy as object, addr: ":0" }, ...rest });
      const line = await gateway.logged("Needs a restart");
      assert.deepEqual(line.keys, ["proxy.addr"]);
      assert.equal(await statusOf(gateway, NEW), 200);
    },
  );
});

describe("under load", () => {
  it("a token is rotated without one failed call", LIMIT, async () => {
    await using gateway = await startGateway({ config: config({ old: OLD }) });
    const url = `${gateway.url}/one/mcp`;
    const now = { token: OLD, stage: "before" };
    const calls = new Seen<string>((text) => text);
    const work = async (client: number) => {
      while (now.stage !== "over") {
        const { token } = now;
        const session = await StreamableSession.begin({ url, token });
        // The token is exchanged between two calls, as by a client that is configured anew.
        for (let id = 1; token === now.token && now.stage !== "over"; id++) {
          const { result, error } = await session.call(id, "x/echo", { id });
          assert.ok(result, JSON.stringify(error));
          calls.add(`${client} ${now.stage}`);
        }
        assert.equal(await session.end(), 204);
      }
    };
    const clients = Array.from({ length: CLIENTS }, (_, client) => client);
    const working = clients.map(work);
    const allAt = (stage: string) => {
      now.stage = stage;
      return Promise.all(
        clients.map((one) => {
          const wanted = `${one} ${stage}`;
          return calls.until(wanted, (call) => call === wanted);
        }),
      );
    };
    await allAt("with the old one");
    replace(gateway, config({ old: OLD, new: NEW }));
    await gateway.logged(RELOADED, { changes: "added token new" });
    await allAt("with both");
    now.token = NEW;
    await allAt("with the new one");
    replace(gateway, config({ new: NEW }));
    await gateway.logged(RELOADED, { changes: "removed token old" });
    await allAt("without the old one");
    now.stage = "over";
    await Promise.all(working);
  });

  it(
    "not one byte reaches a client whose token was removed",
    LIMIT,
    async (t) => {
      const servers = { one: FLOODING };
      const before = config({ old: OLD, new: NEW }, servers);
      await using gateway = await startGateway({ config: before });
      const url = `${gateway.url}/one/mcp`;
      const session = await StreamableSession.begin({ url, token: OLD });
      const flood = await session.post(request(1, "x/flood", {
        bytes: FLOOD_BYTES,
        _meta: { progressToken: "flood" },
      }));
      const reader = (flood.body as ReadableStream<Uint8Array>).getReader();
      await reader.read();
      replace(gateway, config({ new: NEW }, servers));
      let lastAt = 0;
      let last = "";
      const decoder = new TextDecoder();
      for (let read; !(read = await reader.read()).done;) {
        lastAt = Date.now();
        last = last.slice(-LAST_WORDS) + decoder.decode(read.value);
      }
      assert.match(last, /"old\\" has been removed.*\n\n$/);
      const { time } = await gateway.logged(RELOADED);
      const gone = await gateway.logged("Backend exited");
      const tookMs = {
        lastByte: lastAt - Date.parse(String(time)),
        child: Date.parse(String(gone.time)) - Date.parse(String(time)),
      };
      t.diagnostic(`after the reload: ${JSON.stringify(tookMs)} ms`);
      const isSoon = Math.max(...Object.values(tookMs)) < CUT_OFF_MS;
      assert.ok(isSoon, JSON.stringify(tookMs));
    },
  );
});
