// How to log, from the environment and from who reads.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CommandError } from "../../lib/cli/command_error.ts";
import { logSettings } from "../../lib/cli/log_settings.ts";

describe("the log settings", () => {
  it("are INFO, as text at a terminal and as JSON elsewhere", () => {
    assert.deepEqual(logSettings({}, "terminal"), {
      level: "INFO",
      format: "text",
    });
    assert.deepEqual(logSettings({ LOG_LEVEL: "" }, "program"), {
      level: "INFO",
      format: "json",
    });
  });

  it("follow the environment, in any case of letters", () => {
    const environment = { LOG_LEVEL: "Debug", LOG_FORMAT: "JSON" };
    assert.deepEqual(logSettings(environment, "terminal"), {
      level: "DEBUG",
      format: "json",
    });
  });

  it("that are unknown are refused with the choices there are", () => {
    assert.throws(
      () => logSettings({ LOG_LEVEL: "trace" }, "program"),
      (error) =>
        error instanceof CommandError && error.exitCode === 2 &&
        error.message === 'LOG_LEVEL is "trace"' &&
        error.hint.includes("debug, info, warn, error"),
    );
  });
});
