// What the log says of an error.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorFields } from "../../lib/telemetry/error_fields.ts";
import { GatewayError } from "../../lib/errors.ts";

describe("an error in the log", () => {
  it("shows where it was, but not the text, which may quote anything", () => {
    const error = new SyntaxError("hidden-value\n    at hidden-value");
    const shown = errorFields(Object.assign(error, { code: "E_SOME" }));
    assert.deepEqual([shown.error, shown.code], ["SyntaxError", "E_SOME"]);
    assert.match(String(shown.at), /error_fields_test\.ts/);
    assert.ok(!JSON.stringify(shown).includes("hidden-value"));
  });

  it("shows the text of our own errors", () => {
    const error = new GatewayError("internal", "It broke");
    assert.equal(errorFields(error).reason, "It broke");
  });

  it("says of anything else only what it was", () => {
    assert.deepEqual(errorFields("hidden-value"), {
      error: "a thrown string",
    });
  });
});
