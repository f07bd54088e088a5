// Every fault of a client, with the pairs of transports, in every phase: nobody else notices, and nothing is left.

import { after, describe, it } from "node:test";
import { thisRuntime } from "../../lib/runtime/this_runtime.ts";
import { Ahead } from "../support/fault_ahead.ts";
import { sharedHost } from "../support/fault_host.ts";
import { LIMIT } from "../support/world.ts";
import {
  clientCasesOf,
  clientNameOf,
  runClientCase,
} from "./client_fault_case.ts";
import { CLIENT_PAIRS } from "./fault_pairs.ts";
import { FAULTS_OF_CLIENTS } from "./faults_of_clients.ts";

/** Each has a gateway and a server of its own. */
const AT_A_TIME = 16;

const host = sharedHost();
// All pairs of a row come one after the other, so that what takes long in one is waited for once.
const cases = clientCasesOf(FAULTS_OF_CLIENTS, thisRuntime());
const ahead = new Ahead(
  cases,
  async (one) => await runClientCase(one, await host()),
  AT_A_TIME,
);

for (const pair of CLIENT_PAIRS) {
  describe(`faults of clients, ${pair.client} to ${pair.backend}`, () => {
    after(() => ahead.settled());

    for (const [index, one] of cases.entries()) {
      if (one.pair !== pair) continue;
      it(clientNameOf(one), LIMIT, () => ahead.outcome(index));
    }
  });
}
