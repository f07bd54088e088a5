// What must hold once a client is gone, whatever went wrong before.

import assert from "node:assert/strict";
import type { FaultBackend } from "../support/fault_backend.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { nothingLeft } from "../support/leftovers.ts";

/** Nothing is left of sessions and children, no request is open at the server, none was sent twice, and nothing was unforeseen. */
export async function assertBaseline(
  gateway: InProcessGateway,
  backend: FaultBackend,
): Promise<void> {
  await nothingLeft(gateway);
  await backend.quiet();
  const calls = backend.journal.filter((line) => /^\w+ \d+$/.test(line))
    .filter((line) => !line.startsWith("cancelled"));
  const twice = calls.filter((call, at) =>
    calls.indexOf(call) < at && !backend.journal.includes(`refused ${call}`)
  );
  assert.deepEqual(twice, [], "a request was sent twice");
  const strays = backend.journal.filter((line) => line.startsWith("elsewhere"));
  assert.deepEqual(strays, [], "something was sent to another origin");
  const errors = gateway.log.filter(({ level }) => level === "ERROR");
  assert.deepEqual(errors, []);
}
