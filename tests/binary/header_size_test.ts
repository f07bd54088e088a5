// A header that is larger than the executable takes at most.

import assert from "node:assert/strict";
import { it } from "node:test";
import { startGateway } from "../support/gateway_process.ts";
import { configWith, DEV_TOKEN, SOME } from "../support/simple_config.ts";
import { postHeaders } from "../support/streamable_session.ts";

const KIB = 1024;

it("a header over the largest limit is refused with the reason, and logged", async () => {
  await using gateway = await startGateway({ config: configWith(SOME) });
  const response = await fetch(`${gateway.url}/some/mcp`, {
    method: "POST",
    headers: { ...postHeaders(DEV_TOKEN), "x-large": "x".repeat(100 * KIB) },
    body: "{}",
  });
  assert.equal(response.status, 431);
  const { error, error_description: text } = await response.json();
  assert.equal(error, "headers_too_large");
  assert.match(text, /at most 65536 bytes/);
  await gateway.logged("Request refused", { limit: "headers", status: 431 });
});
