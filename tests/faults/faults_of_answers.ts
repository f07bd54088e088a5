// What can go wrong with the answers of a server over Streamable HTTP.

import { BEFORE_USE, BROKEN } from "./fault_row.ts";
import type { FaultRow } from "./fault_row.ts";

const UNANSWERED =
  /^Server "far" ended its HTTP answer without answering the request/;

const ANSWERING = ["streamable-http", "modern-http"] as const;

/** Over Streamable HTTP. */
export const FAULTS_OF_ANSWERS: readonly FaultRow[] = [
  {
    what: "answers with an HTML page",
    backends: ANSWERING,
    phases: [...BEFORE_USE, "calling"],
    order: { do: "html" },
    hit: "one",
    fault: "backend_protocol",
    text: /^Server "far" answered with text\/html instead of MCP/,
    after: "goes on",
  },
  {
    what: "cuts its answer in the middle",
    backends: ANSWERING,
    phases: [...BEFORE_USE, "calling"],
    order: { do: "cut" },
    hit: "one",
    fault: "backend_unavailable",
    text: BROKEN,
    after: "goes on",
  },
  {
    what: "cuts its answer in the middle of an event",
    backends: ANSWERING,
    phases: ["streaming"],
    order: { do: "cut" },
    hit: "one",
    fault: "backend_unavailable",
    text: BROKEN,
    after: "goes on",
  },
  {
    what: "drops the connection",
    backends: ANSWERING,
    phases: [...BEFORE_USE, "calling"],
    order: { do: "drop" },
    hit: "one",
    fault: "backend_unavailable",
    text: BROKEN,
    after: "goes on",
    needs: "a fetch that sends nothing twice",
  },
  {
    what: "drops the stream of an answer",
    backends: ANSWERING,
    phases: ["streaming"],
    order: { do: "drop" },
    hit: "one",
    fault: "backend_unavailable",
    text: BROKEN,
    after: "goes on",
  },
  {
    what: "drops its standalone stream",
    backends: ["streamable-http"],
    phases: ["idle"],
    order: { do: "dropStandalone" },
    hit: "none",
    fault: "backend_unavailable",
    text: BROKEN,
    after: "goes on",
  },
  {
    what: "drops the streams on which it is listened to",
    backends: ["modern-http"],
    phases: ["idle"],
    order: { do: "dropStandalone" },
    hit: "none",
    fault: "backend_unavailable",
    text: BROKEN,
    after: "listens anew",
  },
  {
    what: "ends its answer without answering",
    backends: ANSWERING,
    phases: ["streaming"],
    order: { do: "close" },
    hit: "one",
    fault: "backend_protocol",
    text: UNANSWERED,
    after: "goes on",
  },
];
