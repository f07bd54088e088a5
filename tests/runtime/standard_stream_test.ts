// Writing to standard error: read, not read, and no longer read.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runScript } from "../support/script.ts";

const BYTES = 1 << 20;

/** Writes to standard error, and after 50 turns of a timer tells how that went. */
const WRITER = `
import process from "node:process";
import { writeSync } from "node:fs";
import { standardStream } from "lib/runtime/standard_stream.ts";
let outcome = "waiting";
standardStream("stderr")(new Uint8Array(${BYTES}).fill(97)).then(
  () => outcome = "written",
  (error) => outcome = error.code,
);
let turns = 0;
setInterval(() => {
  if (++turns < 50) return;
  writeSync(1, outcome);
  process.exit(0);
}, 10);
`;

describe("writing to standard error", () => {
  it("gives a slow reader all of it", async () => {
    const { stdout } = await runScript(
      WRITER,
      (command) => `${command} 2>&1 >outcome | wc -c; cat outcome`,
    );
    assert.match(stdout, /^\s*1048576\s+written$/);
  });

  it("does not stall the event loop when nobody reads", async () => {
    const { code, stdout } = await runScript(
      WRITER,
      // Open for reading too, so that it exists, but never read.
      (command) => `mkfifo pipe && exec 3<>pipe && exec ${command} 2>pipe`,
    );
    assert.deepEqual({ code, stdout }, { code: 0, stdout: "waiting" });
  });

  it("tells when the reader is gone", async () => {
    const { stdout } = await runScript(
      WRITER,
      (command) => `${command} 2>&1 >outcome | true; cat outcome`,
    );
    assert.equal(stdout, "EPIPE");
  });
});
