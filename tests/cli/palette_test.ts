// Colours by role, and only where somebody wants them. At a real terminal: tests/binary/terminal_test.ts.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { levelPaint, palette, PLAIN } from "../../lib/cli/palette.ts";
import type { Role } from "../../lib/cli/palette.ts";
import { createLog } from "../../lib/telemetry/log.ts";

const marked = (role: Role, text: string) => `<${role}>${text}</${role}>`;

async function logged(level: "debug" | "info" | "warn" | "error") {
  let text = "";
  const log = createLog({
    level: "DEBUG",
    format: "text",
    write: (bytes) => {
      text += new TextDecoder().decode(bytes);
      return Promise.resolve();
    },
    now: () => new Date(0),
    paint: levelPaint(marked),
  });
  log[level]("Said", { name: "value" });
  await log.flush(1_000);
  return text;
}

describe("the palette", () => {
  it("is plain where standard output is no terminal", () => {
    // A test runner may itself be at a terminal: this one asks for no colour.
    assert.equal(palette("stdout", { NO_COLOR: "1" }), PLAIN);
    assert.equal(palette("stdout", { TERM: "dumb" }), PLAIN);
    assert.equal(PLAIN("error", "text"), "text");
  });

  it("marks the level of a log line and nothing else of it", async () => {
    const at = "1970-01-01T00:00:00.000Z";
    assert.equal(
      await logged("warn"),
      `${at} <warning>WARN </warning> Said name=value\n`,
    );
    assert.equal(
      await logged("error"),
      `${at} <error>ERROR</error> Said name=value\n`,
    );
    assert.equal(
      await logged("debug"),
      `${at} <dim>DEBUG</dim> Said name=value\n`,
    );
    assert.equal(await logged("info"), `${at} INFO  Said name=value\n`);
  });
});
