// `proxy.limits`: every limit, its default, its range, and what is said of a wrong one.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { parseDuration } from "../../lib/config/duration.ts";
import { LIMIT_RULES } from "../../lib/config/limits.ts";
import { parseSize, sizeText } from "../../lib/config/size.ts";
import { DEFAULT_LIMITS } from "../../lib/limits.ts";
import { assertError, read, withProxy } from "./marked.ts";

const MIB = 1024 ** 2;

/** A row of a table of limits. */
interface Row {
  readonly limit: string;
  /** The other cells, without the signs for code. */
  readonly cells: readonly string[];
}

/** The rows of the table of limits in a page; one may be about several. */
function rowsOf(path: string): Row[] {
  const { href } = new URL(`../../${path}`, import.meta.url);
  const page = readFileSync(fileURLToPath(href), "utf8");
  const tables = page.match(/^\|.*(?:\n\|.*)*/gm) ?? [];
  const table = tables.find((one) => one.includes("\n| `sessions`"));
  assert.ok(table, `${path} has no table of limits`);
  return table.replaceAll("`", "").split("\n").slice(2).flatMap((line) => {
    const [limits = "", ...cells] = line.split("|").slice(1, -1)
      .map((cell) => cell.trim());
    return limits.split(", ").map((limit) => ({ limit, cells }));
  });
}

/** A count, size or time, as it is written in a page. */
function valueOf(text: string): number {
  const plain = text.replaceAll('"', "");
  return parseSize(plain) ?? parseDuration(plain) ?? Number(plain);
}

function limitsOf(members: string) {
  const { config, problems } = read(withLimits(members));
  assert.deepEqual(problems, []);
  return config?.limits;
}

function withLimits(members: string): string {
  return withProxy(`"addr": "127.0.0.1:0", "limits": { ${members} }`);
}

describe("limits", () => {
  it("have their defaults where nothing is said", () => {
    assert.deepEqual(limitsOf(""), DEFAULT_LIMITS);
  });

  it("can each be set", () => {
    const set = limitsOf(`
      "sessions": 1, "sessionsPerToken": 2, "children": 3,
      "childrenPerToken": 4, "childrenPerServer": 5, "requestsPerSession": 6,
      "clientMessage": "7MiB", "serverMessage": "8MiB", "headers": "9KiB",
      "streamBuffer": "10MiB", "sessionBuffer": "1GiB", "open": "12s",
      "request": "13s", "requestMax": "14s", "idle": "1.5s"
    `);
    assert.deepEqual(set, {
      sessions: 1,
      sessionsPerToken: 2,
      children: 3,
      childrenPerToken: 4,
      childrenPerServer: 5,
      requestsPerSession: 6,
      clientMessageBytes: 7 * MIB,
      serverMessageBytes: 8 * MIB,
      headerBytes: 9 * 1024,
      streamBytes: 10 * MIB,
      sessionBytes: 1024 * MIB,
      openMs: 12_000,
      requestMs: 13_000,
      requestMaxMs: 14_000,
      idleMs: 1_500,
    });
  });

  it("cover every bound there is", () => {
    const members = LIMIT_RULES.map(({ member }) => member);
    assert.deepEqual(members, Object.keys(DEFAULT_LIMITS));
  });

  it("take the defaults to be within their own ranges", () => {
    for (const { member, least, most } of LIMIT_RULES) {
      const value = DEFAULT_LIMITS[member];
      assert.ok(value >= least && value <= most, member);
    }
  });

  const wrong: [key: string, value: string, message: RegExp, hint?: RegExp][] =
    [
      ["sessions", "0", /found 0, wanted a whole number from 1 to 1000000/],
      ["sessions", "1.5", /found 1.5, wanted a whole number/],
      ["sessions", '"many"', /found a string, wanted a whole number/],
      [
        "clientMessage",
        '"33"',
        /found "33", wanted a size from 1KiB to 256MiB/,
      ],
      ["clientMessage", '"1GiB"', /wanted a size from 1KiB to 256MiB/],
      ["serverMessage", '"10MB"', /wanted a size/, /KiB, MiB and GiB/],
      [
        "serverMessage",
        '"10 MiB"',
        /wanted a size/,
        /directly after the number/,
      ],
      [
        "headers",
        '"65KiB"',
        /wanted a size from 1KiB to 64KiB such as "64KiB"$/,
      ],
      ["streamBuffer", "1024", /found a number, wanted a size such as "16MiB"/],
      ["idle", '"30"', /wanted a duration of 1ms to 24h/],
    ];
  for (const [key, value, message, hint] of wrong) {
    it(`refuse ${value} for ${key}`, () => {
      assertError(withLimits(`"${key}": ▲${value}`), {
        path: `proxy.limits.${key}`,
        message,
        ...(hint && { hint }),
      });
    });
  }

  it("are the times of a server that says nothing else", () => {
    const { config } = read(
      withLimits('"open": "1s", "request": "2s", "requestMax": "3s"'),
    );
    assert.deepEqual(config?.servers[0]?.backend.timeouts, {
      openMs: 1_000,
      requestMs: 2_000,
      requestMaxMs: 3_000,
    });
  });

  it("do not let a request take longer at most than it may take", () => {
    assertError(withLimits('"request": "2m", "requestMax": ▲"1m"'), {
      path: "proxy.limits.requestMax",
      message: /found less than "request"/,
    });
  });

  it("shorten a request with its maximum, where only that is said", () => {
    assert.equal(limitsOf('"requestMax": "1m"')?.requestMs, 60_000);
  });

  it("extend the maximum of a request with the request, where only that is said", () => {
    assert.equal(limitsOf('"request": "2h"')?.requestMaxMs, 7_200_000);
  });
});

describe("a size", () => {
  it("is read and written in the same words", () => {
    for (const text of ["1KiB", "64KiB", "32MiB", "1GiB"]) {
      assert.equal(sizeText(parseSize(text) as number), text);
    }
    assert.equal(parseSize("1.5MiB"), 1.5 * MIB);
    assert.equal(parseSize("-1MiB"), undefined);
  });
});

describe("the pages about limits", () => {
  const keys = LIMIT_RULES.map(({ key }) => key);

  for (const path of ["README.md", "docs/configuration.md"]) {
    it(`${path} has each with its default`, () => {
      const rows = rowsOf(path);
      assert.deepEqual(rows.map(({ limit }) => limit), keys);
      for (const [index, { member }] of LIMIT_RULES.entries()) {
        const { limit, cells } = rows[index] as Row;
        assert.equal(valueOf(cells[0] ?? ""), DEFAULT_LIMITS[member], limit);
      }
    });
  }

  it("docs/configuration.md has each with its range", () => {
    for (const { limit, cells } of rowsOf("docs/configuration.md")) {
      const { least, most } = LIMIT_RULES.find(({ key }) => key === limit) ??
        {};
      const range = (cells[1] ?? "").split(" to ").map(valueOf);
      assert.deepEqual(range, [least, most], limit);
    }
  });

  it("docs/limits.md says what happens at each", () => {
    assert.deepEqual(rowsOf("docs/limits.md").map(({ limit }) => limit), keys);
  });
});
