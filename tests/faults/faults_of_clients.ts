// What can go wrong with a client, as one table: a new fault is one row.

import { modernHeaders, modernRequest } from "../support/exchange_client.ts";
import type { ClientFaultRow } from "./client_fault_row.ts";
import {
  goesOnAfterTheEnd,
  leaves,
  leavesInMidBody,
  listensAgain,
  listensEarly,
  posts,
  stopsInMidBody,
  stopsReading,
  storms,
} from "./deeds_of_clients.ts";
import { BEFORE_USE, EVERY_PHASE, IN_USE } from "./fault_row.ts";

const BOTH = ["sse", "streamable-http"] as const;
const ONCE_BEGUN = ["initialising", ...IN_USE] as const;
const PING = '{"jsonrpc":"2.0","id":99,"method":"ping"}';

/** Limits that end soon what nobody is there for. */
const SOON = { request: "2s", idle: "3s" };
/** Limits that a flood soon reaches. */
const NARROW = { streamBuffer: "256KiB", sessionBuffer: "1MiB" };

/** A client that is gone: over HTTP+SSE its session was its stream; over Streamable HTTP it may come back. */
const DEPARTURES: readonly ClientFaultRow[] =
  (["destroy", "half-close"] as const).flatMap((how) => {
    const what = how === "destroy"
      ? "vanishes"
      : "closes its side of its connections";
    const deed = leaves(how);
    return [
      { what, clients: BOTH, phases: BEFORE_USE, deed, outcome: "is over" },
      { what, clients: ["sse"], phases: IN_USE, deed, outcome: "is over" },
      {
        what,
        clients: ["streamable-http"],
        phases: IN_USE,
        deed,
        limits: SOON,
        outcome: "runs out",
      },
      {
        what: `${what} and comes back`,
        clients: ["streamable-http"],
        phases: IN_USE,
        deed,
        outcome: "is there to come back to",
      },
      {
        what,
        clients: ["exchanges"],
        phases: EVERY_PHASE,
        deed,
        outcome: "goes on without its calls",
      },
    ] as const;
  });

function refused(fault: string, more: Readonly<Record<string, unknown>> = {}) {
  return { msg: "Request refused", fields: { fault, ...more } };
}

const RUBBISH = [
  {
    what: "sends what is not JSON",
    deed: posts("GET / HTTP/1.1", 400),
    logs: refused("unparsable_message"),
  },
  {
    what: "sends JSON that is not JSON-RPC",
    deed: posts('{"jsonrpc":"1.0","id":99}', 400),
    logs: refused("invalid_message"),
  },
  {
    what: "sends a message as plain text",
    deed: posts(PING, 415, { "content-type": "text/plain" }),
    logs: refused("unsupported_media_type"),
  },
  {
    what: "sends a message that is too large",
    deed: posts(`${PING}${" ".repeat(4 * 1024)}`, 413),
    limits: { clientMessage: "4KiB" },
    logs: refused("message_too_large", { limit: "clientMessage" }),
  },
  {
    what: "leaves in the middle of a message",
    deed: leavesInMidBody,
    logs: refused("client_gone"),
  },
  { what: "stops in the middle of a message", deed: stopsInMidBody },
] as const;

const CALL = {
  jsonrpc: "2.0",
  id: 99,
  method: "tools/call",
  params: { name: "echo", arguments: { nonce: 99 } },
} as const;
const FORGED = modernRequest("tools/call", {
  ...CALL.params,
  requestState: "A".repeat(120),
});

const UNSAID = modernRequest("subscriptions/listen");

const MODERN_RUBBISH = [
  {
    what: "listens without saying what to",
    deed: posts(JSON.stringify(UNSAID), 200, modernHeaders(UNSAID)),
  },
  {
    what: "sends a request that does not describe itself",
    deed: posts(JSON.stringify(CALL), 400),
    logs: refused("invalid_params"),
  },
  {
    what: "sends a request whose headers name another tool",
    deed: posts(JSON.stringify(FORGED), 400, {
      ...modernHeaders(FORGED),
      "mcp-name": "wait",
    }),
    logs: refused("header_mismatch"),
  },
  {
    what: "comes back with a state that it made up",
    deed: posts(JSON.stringify(FORGED), 200, modernHeaders(FORGED)),
  },
] as const;

const ALL_RUBBISH: readonly ClientFaultRow[] = [
  ...RUBBISH.map((row) => ({
    ...row,
    clients: BOTH,
    phases: EVERY_PHASE,
    outcome: "goes on",
  } as const)),
  ...[...RUBBISH, ...MODERN_RUBBISH].map((row) => ({
    ...row,
    clients: ["exchanges"],
    phases: ["calling"],
    outcome: "goes on",
  } as const)),
];

const CUT = {
  msg: "Stream cut",
  fields: { reason: "the client stopped reading" },
} as const;

const STALLS: readonly ClientFaultRow[] = [
  {
    what: "stops reading its stream",
    clients: ["sse"],
    phases: ONCE_BEGUN,
    deed: stopsReading,
    limits: NARROW,
    logs: CUT,
    outcome: "is over",
  },
  {
    what: "stops reading its streams",
    clients: ["streamable-http"],
    phases: ONCE_BEGUN,
    deed: stopsReading,
    limits: NARROW,
    logs: CUT,
    outcome: "can be ended",
  },
  {
    what: "stops reading its streams",
    clients: ["exchanges"],
    phases: ["idle", "calling"],
    deed: stopsReading,
    limits: NARROW,
    logs: CUT,
    outcome: "can be ended",
  },
];

/** Those that the gateway notices without waiting. */
export const QUICK_FAULTS_OF_CLIENTS: readonly ClientFaultRow[] = [
  ...DEPARTURES,
  ...ALL_RUBBISH,
  {
    what: "asks for a GET stream without a session",
    clients: ["streamable-http"],
    phases: BEFORE_USE,
    deed: listensEarly,
    outcome: "goes on",
  },
  {
    what: "opens a second GET stream",
    clients: ["streamable-http"],
    phases: IN_USE,
    deed: listensAgain,
    outcome: "goes on",
  },
  {
    what: "opens a second stream to listen on",
    clients: ["exchanges"],
    phases: IN_USE,
    deed: listensAgain,
    outcome: "goes on",
  },
  {
    what: "goes on with a session that it has ended",
    clients: BOTH,
    phases: IN_USE,
    deed: goesOnAfterTheEnd,
    outcome: "is over",
  },
  {
    what: "goes on with a session that it has ended",
    clients: ["sse"],
    phases: ["initialising"],
    deed: goesOnAfterTheEnd,
    outcome: "is over",
  },
  {
    what: "opens and drops fifty streams",
    clients: BOTH,
    phases: ["connecting"],
    deed: storms,
    outcome: "is over",
  },
  {
    what: "opens and drops fifty streams",
    clients: BOTH,
    phases: ONCE_BEGUN,
    deed: storms,
    outcome: "goes on",
  },
  {
    what: "begins and drops fifty exchanges",
    clients: ["exchanges"],
    phases: ["connecting"],
    deed: storms,
    outcome: "goes on",
  },
  {
    what: "opens and drops fifty streams to listen on",
    clients: ["exchanges"],
    phases: ["idle", "calling"],
    deed: storms,
    outcome: "goes on",
  },
];

/** The table; what takes longest is first. */
export const FAULTS_OF_CLIENTS: readonly ClientFaultRow[] = [
  ...STALLS,
  ...QUICK_FAULTS_OF_CLIENTS,
];
