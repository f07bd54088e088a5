// The library's names are a promise.

import assert from "node:assert/strict";
import { it } from "node:test";
import * as mod from "../mod.ts";

it("the library offers these names, and no other", () => {
  assert.deepEqual(Object.keys(mod).sort(), [
    "ConfigError",
    "GatewayError",
    "Secret",
    "checkConfig",
    "createGateway",
    "formatProblem",
    "loadConfig",
    "readConfig",
  ]);
});
