// Bun's limit of 256 requests under way, and how it is lifted.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../support/program.ts";

const BUN = join(ROOT, "node_modules", ".bin", "bun");
const REQUESTS = 300;

/** Makes requests that are answered when all of them have come; tells how that went and how often it began. */
const SCRIPT = `
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import process from "node:process";
import { liftFetchLimit } from "${ROOT}lib/runtime/fetch_limit.ts";
const [, , starts, lift] = process.argv;
appendFileSync(starts, process.pid + "\\n");
if (lift === "--lift") liftFetchLimit();
const waiting = [];
const server = createServer((_, response) => {
  if (waiting.push(response) < ${REQUESTS}) return;
  for (const one of waiting) one.end("ok");
});
setTimeout(() => {
  console.log("stuck at " + waiting.length);
  process.exit(0);
}, lift === "--lift" ? 20_000 : 1_000);
server.listen(0, "127.0.0.1", async () => {
  const url = "http://127.0.0.1:" + server.address().port;
  await Promise.all(Array.from({ length: ${REQUESTS} }, () => fetch(url)));
  console.log("all " + waiting.length);
  process.exit(0);
});
`;

/** Runs the script from its source or compiled, and returns what it printed and the process ids it had. */
function outcomeOf(how: "source" | "compiled", ...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "mcp-front-limit-"));
  try {
    const file = join(folder, "script.ts");
    const program = join(folder, "program");
    const starts = join(folder, "starts");
    writeFileSync(file, SCRIPT);
    writeFileSync(starts, "");
    if (how === "compiled") {
      execFileSync(BUN, ["build", "--compile", file, "--outfile", program], {
        stdio: "ignore",
      });
    }
    const command = how === "compiled" ? [program] : [BUN, file];
    const [first = "", ...rest] = [...command, starts, ...args];
    const stdout = execFileSync(first, rest, { encoding: "utf8" });
    const pids = execFileSync("cat", [starts], { encoding: "utf8" });
    return { stdout: stdout.trim(), pids: pids.trim().split("\n") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("Bun's limit of requests under way", () => {
  it("is there, unless it is lifted", () => {
    assert.deepEqual(outcomeOf("source").stdout, "stuck at 256");
  });

  for (const how of ["source", "compiled"] as const) {
    it(`is lifted by one new start under the same process id (${how})`, () => {
      const { stdout, pids } = outcomeOf(how, "--lift");
      assert.equal(stdout, `all ${REQUESTS}`);
      assert.equal(pids.length, 2);
      assert.equal(pids[0], pids[1]);
    });
  }
});
