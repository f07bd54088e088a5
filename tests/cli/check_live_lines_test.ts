// The lines that show how far a check is, as a function of the states; drawn on a terminal: tests/binary/check_test.ts.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { displayWidth } from "../../lib/cli/check/display_width.ts";
import { LiveDisplay } from "../../lib/cli/check/live_display.ts";
import { liveLines, MAX_SERVER_LINES } from "../../lib/cli/check/live_lines.ts";
import type { Phase, ServerState } from "../../lib/cli/check/live_lines.ts";
import { PLAIN } from "../../lib/cli/palette.ts";
import { Seen } from "../support/seen.ts";

const PAGE = { columns: 80, rows: 24, palette: PLAIN };

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

  it("cut long names, so that it can be seen how far each server is", () => {
    const name = "a-server-with-quite-a-long-name";
    const all: readonly ServerState[] = [
      { name, phase: "connecting", since: 0 },
      { name: "データベース", phase: "listing", since: 0 },
      { name: "db", phase: "failed" },
    ];
    assert.deepEqual(liveLines(all, 5_000, { ...PAGE, columns: 20 }), [
      "a-ser…  connecting …",
      "デー…   listing …",
      "db      failed",
    ]);
    assert.deepEqual(liveLines(all, 5_000, { ...PAGE, columns: 26 }), [
      "a-server-wi…  connecting …",
      "データベース  listing …",
      "db            failed",
    ]);
  });

  it("are never more than the terminal has rows for", () => {
    const all = [...states("connecting", 8), ...states("waiting", 4)];
    for (let rows = 0; rows <= 24; rows++) {
      const lines = liveLines(all, 0, { ...PAGE, rows });
      assert.ok(lines.length <= rows, `${rows} rows: ${lines.length} lines`);
    }
    const lines = liveLines(all, 0, { ...PAGE, rows: 7 });
    assert.equal(lines.length, 7);
    assert.equal(lines.at(-1), "and 6 more");
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
      size: () => ({ columns: 80, rows: 24 }),
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

  it("leaves a row for the cursor, so that nothing scrolls away", async () => {
    const printed = new Seen<string>((text) => text);
    const names = Array.from({ length: 12 }, (_, at) => `server-${at}`);
    const display = new LiveDisplay(names, {
      size: () => ({ columns: 20, rows: 8 }),
      palette: PLAIN,
      print: (text) => Promise.resolve(printed.add(text)),
    });
    const text = await printed.until("first", () => true);
    await display.close();
    assert.equal(text.split("\n").length, 8, text);
    assert.equal(printed.all.at(-1), "\u001b[7A\r\u001b[J");
  });

  it("draws one picture at a time, however slow the terminal is", async () => {
    let open = 0;
    const printed = new Seen<string>((text) => text);
    const taken = Promise.withResolvers<void>();
    const display = new LiveDisplay(["a"], {
      size: () => ({ columns: 80, rows: 24 }),
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
