// What the benchmark writes: tables, verdicts, the chart and the page.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { verdictsOn } from "../../bench/budgets.ts";
import { chartSvg } from "../../bench/report/chart.ts";
import { cpuChart } from "../../bench/report/cpu_chart.ts";
import { pageWith } from "../../bench/report/page.ts";
import { pivoted } from "../../bench/report/pivot.ts";
import { merged } from "../../bench/report/results.ts";
import { markdownTable, plainTable } from "../../bench/report/table.ts";

const MATRIX = {
  title: "Calls",
  columns: ["pair", "answer", "sessions", "participant", "calls/s", "CPU ×"],
  rows: [
    ["a → b", "32 B", "32", "floor", 12_000.4, 1],
    ["a → b", "32 B", "32", "mcp-front", 9_000, 1.234],
    ["a → b", "32 B", "32", "mcp-proxy", "wrong answers"],
    ["a → b", "4 KB", "32", "floor", 42.123, 1],
  ],
};

describe("a table of the benchmark", () => {
  it("is laid out for a terminal with the digits that count", () => {
    const rows = [["x", 1234.5], ["yy", 12.345], ["z", 0.678], ["w", null]];
    const table = { title: "T", columns: ["name", "n"], rows };
    assert.equal(
      plainTable(table),
      "T\n\nname      n\nx     1,235\nyy     12.3\nz      0.68\nw         –\n",
    );
  });

  it("is laid out for a page as the formatter does it", () => {
    const table = { title: "T", columns: ["name", "n"], rows: [["x", 1234]] };
    assert.equal(
      markdownTable(table),
      "| name |     n |\n| ---- | ----: |\n| x    | 1,234 |\n",
    );
  });

  it("has a column for each participant once it is turned", () => {
    const by = ["pair", "answer"];
    const { columns, rows } = pivoted(MATRIX, {
      title: "",
      by,
      show: ["calls/s", "CPU ×"],
    });
    assert.deepEqual(columns, [...by, "floor", "mcp-front", "mcp-proxy"]);
    assert.deepEqual(rows, [
      ["a → b", "32 B", "12,000 / 1", "9,000 / 1.23", "wrong answers"],
      ["a → b", "4 KB", "42.1 / 1", "", ""],
    ]);
  });
});

describe("a verdict on a budget", () => {
  const measure = (figure: number, where = "") =>
    ({ budget: "cpuHttp", where, figure }) as const;

  it("is met when every figure is within it", () => {
    const [verdict] = verdictsOn([measure(1), measure(1.6)]);
    assert.equal(verdict?.isMet, true);
  });

  it("names the worst figure, and how many are within it", () => {
    const [verdict] = verdictsOn([measure(1), measure(3, "x"), measure(2)]);
    const { isMet, worst, met, of } = verdict ?? {};
    assert.deepEqual([isMet, worst?.where, met, of], [false, "x", 1, 3]);
  });

  it("turns with what must be at least so much", () => {
    const calls = (figure: number) =>
      ({ budget: "logging", where: "", figure }) as const;
    assert.equal(verdictsOn([calls(0.95)])[0]?.isMet, true);
    assert.equal(verdictsOn([calls(0.85), calls(2)])[0]?.worst.figure, 0.85);
  });

  it("is not met by what is no number, nor made without a figure", () => {
    assert.equal(verdictsOn([measure(1), measure(NaN)])[0]?.isMet, false);
    assert.deepEqual(verdictsOn([]), []);
  });
});

describe("the chart", () => {
  it("has a bar for each figure, the words for what has none, and both modes", () => {
    const svg = cpuChart(MATRIX);
    assert.equal(svg.match(/<rect class="bar/g)?.length, 1);
    assert.match(svg, /1\.23 ×/);
    assert.match(svg, /wrong answers/);
    assert.match(svg, /prefers-color-scheme: dark/);
    assert.doesNotMatch(svg, /script|href/);
  });

  it("escapes what it is given", () => {
    const bars = [{ name: "<b>", value: 2 }];
    const svg = chartSvg(
      { title: "a & b", unit: "×", groups: [{ title: "<i>", bars }] },
      "<b>",
    );
    assert.match(svg, /a &amp; b/);
    assert.doesNotMatch(svg, /<[bi]>/);
  });
});

describe("the results that are kept", () => {
  const conditions = { kernel: "1" };
  const news = (name: "matrix" | "large", made = conditions) => ({
    conditions: made,
    date: "2026-01-02",
    run: "one round",
    found: new Map([[name, { tables: [MATRIX], measures: [] }]]),
  });
  const namesIn = ({ sections }: ReturnType<typeof merged>) =>
    sections.map(({ name }) => name);

  it("keep other sections of the same conditions, and only those", () => {
    const first = merged(undefined, news("large"));
    assert.deepEqual(namesIn(merged(first, news("matrix"))), [
      "matrix",
      "large",
    ]);
    const elsewhere = news("matrix", { kernel: "2" });
    assert.deepEqual(namesIn(merged(first, elsewhere)), ["matrix"]);
  });

  it("are put into the page between its markers, in the place of those before", () => {
    const page = "A\n<!-- figures -->\nold\n<!-- end of figures -->\nB\n";
    const once = pageWith(page, merged(undefined, news("large")));
    assert.match(once, /^A\n<!-- figures -->\n\n## Budgets/);
    assert.match(once, /\n<!-- end of figures -->\nB\n$/);
    assert.match(once, /12,000/);
    assert.doesNotMatch(once, /old/);
    assert.equal(pageWith(once, merged(undefined, news("large"))), once);
    assert.throws(() => pageWith("A", merged(undefined, news("large"))));
  });
});
