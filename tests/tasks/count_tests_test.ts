// Counting tests from what the runners report.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { countTests } from "../../tasks/count_tests.ts";

describe("counting tests", () => {
  it("takes every case of a report of Bun", () => {
    const report = `<testsuites>
      <testsuite name="group">
        <testcase name="one" time="0.1" />
        <testcase name="two" time="0.1">
          <failure message="a &gt; b">at</failure>
        </testcase>
      </testsuite>
      <testcase name="three"><skipped /></testcase>
    </testsuites>`;
    assert.deepEqual(countTests(report), { passed: 1, failed: 1, skipped: 1 });
  });

  it("leaves out the groups that Deno lists as cases", () => {
    const report = `<testsuites>
      <testcase name="group"><failure message="1 step">x</failure></testcase>
      <testcase name="alone">
      </testcase>
      <testcase name="group &gt; inner"></testcase>
      <testcase name="group &gt; inner &gt; one"></testcase>
      <testcase name="group &gt; two"><failure>x</failure></testcase>
      <testcase name="group &gt; three"><skipped/></testcase>
    </testsuites>`;
    assert.deepEqual(countTests(report), { passed: 2, failed: 1, skipped: 1 });
  });

  it("finds nothing in an empty report", () => {
    assert.deepEqual(countTests("<testsuites></testsuites>"), {
      passed: 0,
      failed: 0,
      skipped: 0,
    });
  });
});
