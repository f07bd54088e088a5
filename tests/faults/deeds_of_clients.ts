// What a client can do wrong.

import assert from "node:assert/strict";
import type { Leaving } from "../support/fault_client.ts";
import type { ModernFaultClient } from "../support/fault_client_modern.ts";
import { SseFaultClient } from "../support/fault_client_sse.ts";
import { StreamableFaultClient } from "../support/fault_client_streamable.ts";
import type { Deed } from "./client_fault_row.ts";

/** How often a storm connects. */
const STORM = 50;
/** More than what all buffers on the way take, those of the system included. */
const FLOOD_MIB = 24;

/** The end of an HTTP+SSE session is the end of its connection, which takes a moment to be seen. */
const NOTICED_MS = 2_000;

/** Leaves without a word, before anything was said to it if there is no session yet. */
export function leaves(how: Leaving): Deed {
  return (client, phase) =>
    phase === "connecting" ? client.knock(how) : client.leave(how);
}

/** Posts a text that is refused with an HTTP status. */
export function posts(
  text: string,
  status: number,
  headers?: Readonly<Record<string, string>>,
): Deed {
  return async (client) => {
    const refused = await client.say(text, headers);
    assert.equal(refused.status, status, await refused.text());
  };
}

/** Posts half of a message, and leaves that connection. */
export const leavesInMidBody: Deed = async (client) => {
  const socket = await client.sayHalf(
    '{"jsonrpc":"2.0","id":99,"method":"ping"',
  );
  socket.destroy();
};

/** Posts half of a message, and says nothing more on that connection. */
export const stopsInMidBody: Deed = async (client) =>
  void await client.sayHalf('{"jsonrpc":"2.0","id":99,"method":"ping"');

/** Is told more than it takes, on the stream for what belongs to no call or on that of a request. */
export const stopsReading: Deed = async (client, phase, backend) => {
  client.stopReading();
  if (phase === "initialising") {
    return backend.order(phase, { do: "flood", ...flood() });
  }
  if (phase === "idle") {
    const { aside: method } = client;
    return void await client.notify("x/flood", { ...flood(), method });
  }
  client.call("flood", flood()).catch(() => {
    // It is not read.
  });
};

/** Asks for a GET stream before it has a session. */
export const listensEarly: Deed = async (client) => {
  assert.ok(client instanceof StreamableFaultClient);
  await assert.rejects(client.listen(), /HTTP 405/);
};

/** Opens one stream more for what belongs to no call. */
export const listensAgain: Deed = async (client) => {
  assert.ok(!(client instanceof SseFaultClient));
  await (client as StreamableFaultClient | ModernFaultClient).listen();
  const { aside: method } = client;
  await client.notify("x/speak", { level: "info", data: "once", method });
  await client.hears(method);
};

/** Opens and drops streams. */
export const storms: Deed = (client) => client.storm(STORM);

/** Ends its session and goes on with it, until it is told that there is none. */
export const goesOnAfterTheEnd: Deed = async (client) => {
  await client.end();
  const deadline = performance.now() + NOTICED_MS;
  let statuses = await client.statuses();
  while (statuses.includes(202) && performance.now() < deadline) {
    statuses = await client.statuses();
  }
  assert.deepEqual(statuses, statuses.map(() => 404));
};

function flood() {
  return { mib: FLOOD_MIB };
}
