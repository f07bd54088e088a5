// docs/oauth.md says what the program does: the bounds, the algorithms, the refusals.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  ANSWER_LIMIT_MS,
  MAX_ANSWER_BYTES,
} from "../lib/auth/oauth/guarded_request.ts";
import { ACTIVE_MS } from "../lib/auth/oauth/introspection.ts";
import { COOLDOWN_MS, FRESH_MS, USABLE_MS } from "../lib/auth/oauth/issuer.ts";
import { ALGORITHMS, CLOCK_SKEW_S } from "../lib/auth/oauth/jwt.ts";
import { UNCONFIRMED_MS } from "../lib/auth/oauth/live_looks.ts";
import { explained } from "../lib/cli/explain/explanation.ts";
import { FAULTS } from "../lib/faults.ts";
import type { Fault } from "../lib/faults.ts";
import { readConfig } from "../mod.ts";
import { blocksIn } from "./support/markdown.ts";
import { ROOT } from "./support/program.ts";

const page = readFileSync(join(ROOT, "docs", "oauth.md"), "utf8");
const flat = page.replaceAll(/\s+/g, " ");

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

describe("docs/oauth.md", () => {
  it("has the bounds that are kept", () => {
    const said = [
      `clocks may differ by ${CLOCK_SKEW_S} s`,
      `refused ${CLOCK_SKEW_S} s after \`exp\``,
      `at most ${MAX_ANSWER_BYTES / 1_024} KiB and come within ${
        ANSWER_LIMIT_MS / SECOND_MS
      } s`,
      `used for ${FRESH_MS / MINUTE_MS} minutes without asking again`,
      `at most every ${COOLDOWN_MS / SECOND_MS} s`,
      `refused within ${FRESH_MS / MINUTE_MS} minutes`,
      `refused within ${ACTIVE_MS / SECOND_MS} s`,
      `with opaque tokens for ${UNCONFIRMED_MS / MINUTE_MS} minutes`,
    ];
    for (const text of said) assert.ok(flat.includes(text), text);
    assert.equal(USABLE_MS, 60 * MINUTE_MS);
    assert.match(flat, /not older than an hour/);
  });

  it("has the algorithms that are taken, and no other", () => {
    const named = flat.match(/\b(?:RS|PS|ES|HS)\d{3}\b|\bEd\w+SA\b|\bEdDSA\b/g);
    const known = ALGORITHMS.filter((name) => name !== "Ed25519");
    assert.deepEqual([...new Set(named)].toSorted(), known.toSorted());
  });

  it("has the status of each refusal that it names", () => {
    const rows = [...page.matchAll(/^\|.*\| (\d{3}) `(\w+)`/gm)];
    assert.ok(rows.length >= 5);
    for (const [, status, error] of rows) {
      const faults = Object.values(FAULTS).filter((one) => one.error === error);
      assert.ok(faults.length > 0, error);
      for (const fault of faults) assert.equal(String(fault.status), status);
    }
    const others: Fault[] = ["expired_token", "issuer_unavailable"];
    for (const fault of others) {
      assert.ok(page.includes(`\`${FAULTS[fault].error}\``), fault);
    }
  });

  it("shows a configuration that is complete, and opens what it says", () => {
    const [{ text } = { text: "" }] = blocksIn(page);
    const { rules, problems } = readConfig(text, {
      file: "config.jsonc",
      directory: ROOT,
      environment: { CI_TOKEN: "a-token-of-some-length", PATH: "/bin" },
      platform: "linux",
    });
    assert.deepEqual(problems, []);
    assert.ok(rules);
    const open = (scopes: string[], groups: string[]) =>
      explained({ caller: { scopes, groups } }, rules)
        .filter(({ entry }) => entry.allowed).map(({ name }) => name);
    assert.deepEqual(open(["mcp:read"], ["sre"]), ["database"]);
    assert.deepEqual(open(["mcp:read", "payroll:use"], []), ["payroll"]);
    assert.deepEqual(open(["payroll:use"], ["dba"]), []);
    assert.deepEqual(
      explained({ token: "ci" }, rules).map(({ entry }) => entry.allowed),
      [true, false],
    );
  });
});
