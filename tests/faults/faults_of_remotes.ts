// What can go wrong with any server over HTTP.

import { BEFORE_USE, BROKEN, EVERY_PHASE } from "./fault_row.ts";
import type { FaultRow } from "./fault_row.ts";

const SESSIONS = ["sse", "streamable-http"] as const;
const HTTP = [...SESSIONS, "modern-http"] as const;

/** Over HTTP+SSE and over Streamable HTTP. */
export const FAULTS_OF_REMOTES: readonly FaultRow[] = [
  {
    what: "killed",
    backends: HTTP,
    phases: EVERY_PHASE,
    order: { do: "kill" },
    hit: "all",
    fault: "backend_unavailable",
    text: BROKEN,
    after: "waits",
  },
  {
    what: "refuses connections",
    backends: HTTP,
    phases: ["connecting"],
    place: "nowhere",
    hit: "one",
    fault: "backend_unavailable",
    text: /^Server "far" cannot be reached at .*: the connection was refused/,
    after: "waits",
  },
  {
    what: "has a name that DNS does not know",
    backends: HTTP,
    phases: ["connecting"],
    place: "unknown name",
    hit: "one",
    fault: "backend_unavailable",
    text: /^Server "far" cannot be reached at .*: its name cannot be resolved/,
    after: "is over",
  },
  {
    what: "speaks no TLS",
    backends: HTTP,
    phases: ["connecting"],
    place: "behind TLS",
    hit: "one",
    fault: "backend_unavailable",
    text: /^Server "far" cannot be reached at .*: the TLS handshake failed/,
    after: "is over",
  },
  {
    what: "never answers",
    backends: HTTP,
    phases: [...BEFORE_USE, "calling", "streaming"],
    order: { do: "silence" },
    hit: "all",
    fault: "backend_timeout",
    text: /^Server "far" did not (answer|start)/,
    after: "goes on",
    noticed: "by a limit of time",
  },
  {
    what: "answers 503",
    backends: HTTP,
    phases: [...BEFORE_USE, "idle", "calling"],
    order: { do: "status", status: 503 },
    hit: "one",
    fault: "backend_unavailable",
    text: /^Server "far" answered HTTP 503/,
    after: "goes on",
  },
  {
    what: "redirects to another origin",
    backends: HTTP,
    phases: [...BEFORE_USE, "idle", "calling"],
    order: { do: "redirect" },
    hit: "one",
    fault: "backend_unavailable",
    text: /^Server "far" redirects to another origin/,
    after: "goes on",
  },
  {
    what: "forgets the session (404)",
    backends: SESSIONS,
    phases: ["idle", "calling"],
    order: { do: "forget" },
    hit: "others",
    fault: "backend_unavailable",
    text: /^Server "far" has ended its session/,
    after: "begins anew",
  },
];
