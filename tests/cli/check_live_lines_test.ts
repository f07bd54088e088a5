// The lines that show how far a check is, as a function of the states; drawn on a terminal: tests/binary/check_test.ts.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { displayWidth } from "../../lib/cli/check/display_width.ts";
import { LiveDisplay } from "../../lib/cli/check/live_display.ts";
import { liveLines, MAX_SERVER_LINES } from "../../lib/cli/check/live_lines.ts";
import type { Phase, ServerState } from "../../lib/cli/check/live_lines.ts";
import { PLAIN } from "../../lib/cli/palette.ts";
import { Seen } from "../support/seen.ts";

const PAGE = { columns: 80, palette: PLAIN };

function states(phase: Phase, count: number, name = phase): ServerState[] {
  return Array.from({ length: count }, (_, at) => ({
    name: `${name}-${at}`,
    phase,
  }));
}

describe("the live lines", () => {
  it("say of each server how far it is, and for how long", () => {
    const lines = liveLines(
      [
        { name: "files", phase: "connecting", since: 1_000 },
        { name: "search", phase: "listing", since: 500 },
        { name: "db", phase: "ready" },
        { name: "old", phase: "failed" },
        { name: "later", phase: "waiting" },
      ],
      2_234,
      PAGE,
    );
    assert.deepEqual(lines, [
      "files   connecting … 1.2 s",
      "search  listing … 1.7 s",
      "db      ready",
      "old     failed",
      "later   waiting",
    ]);
  });

  it("are never wider than the terminal", () => {
    const name = "a-server-with-quite-a-long-name";
    const wide: ServerState = { name: "データベース", phase: "waiting" };
    const all = [wide, { name, phase: "connecting", since: 0 } as const];
    for (const columns of [1, 8, 20, 40]) {
      for (const line of liveLines(all, 5_000, { ...PAGE, columns })) {
        assert.ok(displayWidth(line) <= columns, line);
      }
    }
  });

  it("leave out servers that are ready or wait when there are too many, and say how many", () => {
    const all = [
      ...states("ready", 10),
      ...states("connecting", 3),
      ...states("waiting", 20),
      ...states("failed", 2),
    ];
    const lines = liveLines(all, 0, PAGE);
    assert.equal(lines.length, MAX_SERVER_LINES + 1);
    assert.equal(lines.at(-1), `and ${35 - MAX_SERVER_LINES} more`);
    assert.equal(lines.filter((one) => one.startsWith("connect")).length, 3);
    assert.equal(lines.filter((one) => one.startsWith("failed")).length, 2);
    assert.equal(lines.filter((one) => one.startsWith("ready")).length, 0);
  });
});

describe("the live display", () => {
  const ERASE = "\u001b[2A\r\u001b[J";

  it("draws over its own lines, and takes them away in the end", async () => {
    const printed = new Seen<string>((text) => text);
    const display = new LiveDisplay(["a", "b"], {
      columns: () => 80,
      palette: PLAIN,
      print: (text) => Promise.resolve(printed.add(text)),
    });
    await printed.until("first", (text) => text === "a  waiting\nb  waiting\n");
    display.note("a", "connecting");
    display.note("a", "failed");
    await printed.until(
      "second",
      (text) => text.startsWith(`${ERASE}a  failed\n`),
    );
    await display.close();
    assert.equal(printed.all.at(-1), ERASE);
    await display.close();
    assert.equal(printed.all.at(-1), "");
  });

  it("draws one picture at a time, however slow the terminal is", async () => {
    let open = 0;
    const printed = new Seen<string>((text) => text);
    const taken = Promise.withResolvers<void>();
    const display = new LiveDisplay(["a"], {
      columns: () => 80,
      palette: PLAIN,
      async print(text) {
        assert.equal(++open, 1);
        printed.add(text);
        await taken.promise;
        open--;
      },
    });
    await printed.until("first", () => true);
    const closing = display.close();
    taken.resolve();
    await closing;
    assert.equal(printed.all.length, 2);
  });
});
