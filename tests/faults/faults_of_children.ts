// What can go wrong with a child process.

import { EVERY_PHASE } from "./fault_row.ts";
import type { FaultRow } from "./fault_row.ts";

const CHILDREN = ["stdio", "modern-stdio"] as const;

/** Over stdio. */
export const FAULTS_OF_CHILDREN: readonly FaultRow[] = [
  {
    what: "killed",
    backends: CHILDREN,
    phases: EVERY_PHASE,
    order: { do: "kill" },
    hit: "all",
    fault: "backend_exited",
    text: /^Server "far" was ended by SIGKILL.*\n.*\nthe ledger is torn$/s,
    after: "begins anew",
  },
  {
    what: "exits with a code",
    backends: CHILDREN,
    phases: EVERY_PHASE,
    order: { do: "exit", code: 3 },
    hit: "all",
    fault: "backend_exited",
    text: /^Server "far" exited with code 3.*\n.*\nthe ledger is torn$/s,
    after: "begins anew",
  },
  {
    what: "aborts",
    backends: CHILDREN,
    phases: EVERY_PHASE,
    order: { do: "abort" },
    hit: "all",
    fault: "backend_exited",
    text: /^Server "far" was ended by SIGABRT.*\n.*\nthe ledger is torn$/s,
    after: "begins anew",
  },
  {
    what: "closes its output",
    backends: CHILDREN,
    phases: EVERY_PHASE,
    order: { do: "closeOutput" },
    hit: "all",
    fault: "backend_exited",
    text: /^Server "far" closed its output/,
    after: "begins anew",
  },
  {
    what: "stops reading",
    backends: CHILDREN,
    phases: EVERY_PHASE,
    order: { do: "stopReading" },
    hit: "all",
    fault: "backend_timeout",
    text: /^Server "far" did not answer/,
    after: "stays deaf",
    noticed: "by a limit of time",
  },
  {
    what: "cannot be started",
    backends: CHILDREN,
    phases: ["connecting"],
    place: "nowhere",
    hit: "one",
    fault: "backend_unavailable",
    text: /^Server "far" cannot be started: command .* not found/,
    after: "is over",
  },
  {
    what: "never answers",
    backends: CHILDREN,
    phases: ["initialising", "calling", "streaming"],
    order: { do: "silence" },
    hit: "all",
    fault: "backend_timeout",
    text: /^Server "far" did not answer/,
    after: "goes on",
    noticed: "by a limit of time",
  },
];
