// What can go wrong with the one stream of a server over HTTP+SSE.

import { BROKEN, EVERY_PHASE, IN_USE } from "./fault_row.ts";
import type { FaultRow } from "./fault_row.ts";

/** Over HTTP+SSE. */
export const FAULTS_OF_STREAMS: readonly FaultRow[] = [
  {
    what: "answers with an HTML page",
    backends: ["sse"],
    phases: ["connecting"],
    order: { do: "html" },
    hit: "one",
    fault: "backend_protocol",
    text: /^Server "far" answered with text\/html instead of MCP/,
    after: "goes on",
  },
  {
    what: "names an endpoint of another origin",
    backends: ["sse"],
    phases: ["connecting"],
    order: { do: "elsewhere" },
    hit: "one",
    fault: "backend_unavailable",
    text: /^Server "far" sends its messages to another origin/,
    after: "goes on",
  },
  {
    what: "cuts its stream in the middle of an event",
    backends: ["sse"],
    phases: ["initialising", ...IN_USE],
    order: { do: "cut" },
    hit: "all",
    fault: "backend_unavailable",
    text: BROKEN,
    after: "begins anew",
  },
  {
    what: "drops the connection",
    backends: ["sse"],
    phases: EVERY_PHASE,
    order: { do: "drop" },
    hit: "all",
    fault: "backend_unavailable",
    text: BROKEN,
    after: "begins anew",
  },
  {
    what: "ends its stream",
    backends: ["sse"],
    phases: ["initialising", ...IN_USE],
    order: { do: "close" },
    hit: "all",
    fault: "backend_unavailable",
    text: /^Server "far" has closed its stream/,
    after: "begins anew",
  },
];
