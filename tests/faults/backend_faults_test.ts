// Every fault of a backend, with the pairs of transports, in every phase: nobody waits for ever, and nothing is left.

import { after, describe, it } from "node:test";
import { thisRuntime } from "../../lib/runtime/this_runtime.ts";
import { Ahead } from "../support/fault_ahead.ts";
import { sharedHost } from "../support/fault_host.ts";
import { LIMIT } from "../support/world.ts";
import { casesOf, nameOf, runCase } from "./fault_case.ts";
import { BACKEND_PAIRS } from "./fault_pairs.ts";
import { FAULTS_OF_BACKENDS } from "./faults.ts";

/** Each has a gateway and a server of its own. */
const AT_A_TIME = 16;

const host = sharedHost();
const cases = casesOf(FAULTS_OF_BACKENDS, thisRuntime());
const ahead = new Ahead(
  cases,
  async (one) => await runCase(one, await host()),
  AT_A_TIME,
);

for (const pair of BACKEND_PAIRS) {
  describe(`faults, ${pair.client} to ${pair.backend}`, () => {
    after(() => ahead.settled());

    for (const [index, one] of cases.entries()) {
      if (one.pair !== pair) continue;
      it(nameOf(one), LIMIT, () => ahead.outcome(index));
    }
  });
}
