// How a check deals with one server while others are still examined.

import assert from "node:assert/strict";
import { platform } from "node:os";
import process from "node:process";
import { describe, it } from "node:test";
import { loadClient } from "../../deps.ts";
import { examine } from "../../lib/cli/check/examine.ts";
import { Findings } from "../../lib/cli/check/findings.ts";
import { offersOf } from "../../lib/cli/check/offers_of.ts";
import { passes } from "../../lib/cli/check/passes.ts";
import { plan } from "../../lib/cli/check/plan.ts";
import type { Visit } from "../../lib/cli/check/plan.ts";
import { createGateway, readConfig } from "../../mod.ts";
import type { Log } from "../../mod.ts";
import { illMannered, listing } from "../support/check_report.ts";
import { Seen } from "../support/seen.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import { configWith } from "../support/simple_config.ts";

/** A log whose messages can be waited for. */
function logInto(said: Seen<string>): Log {
  const tell = (msg: string) => said.add(msg);
  const log: Log = {
    debug: tell,
    info: tell,
    warn: tell,
    error: tell,
    with: () => log,
  };
  return log;
}

async function examined(entry: unknown, said: Seen<string>) {
  const { config } = readConfig(JSON.stringify(configWith({ files: entry })), {
    file: "c.jsonc",
    directory: "/",
    environment: process.env,
    platform: platform(),
  });
  assert.ok(config);
  const [visit] = plan(config, "c.jsonc", undefined);
  const findings = new Findings(logInto(said));
  const own = passes(config);
  const gateway = createGateway(own.config, { log: findings.log });
  const report = await examine(
    visit as Visit,
    {
      ask: offersOf,
      library: await loadClient(),
      gateway,
      credentials: own.credentials,
      url: "http://127.0.0.1:8080",
      findings,
      presentable: (line) => line,
      signal: new AbortController().signal,
    },
    () => {},
  );
  return { report, gateway };
}

describe("the examination of a server", () => {
  const SERVERS = {
    ready: listing("none"),
    failed: listing("refuses"),
    stubborn: illMannered("ignores its end"),
  };
  for (const [name, entry] of Object.entries(SERVERS)) {
    it(`ends its session when it is done: ${name}`, LIMIT, async () => {
      const said = new Seen<string>((msg) => msg);
      const { report, gateway } = await examined(entry, said);
      try {
        assert.equal(report.status, name === "failed" ? "failed" : "ready");
        await said.until("the end", (msg) => msg === "Session closed");
        await said.until("the child's end", (msg) => msg === "Backend exited");
      } finally {
        await gateway.close({ graceMs: 0 });
      }
    });
  }
});
