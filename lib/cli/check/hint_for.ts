// What the operator can do about a server that cannot be used.

import type { ServerConfig } from "../../../mod.ts";

/** A failure, as far as a hint depends on it. */
export interface Hinted {
  readonly fault: string;
  readonly message: string;
  /** That of the gateway, which speaks to clients. */
  readonly hint?: string;
  /** Whether its process wrote something to stdout that is no message. */
  readonly straysOnStdout: boolean;
}

/** A hint for failures of one fault whose message fits. */
interface Rule {
  readonly fault: string;
  readonly message?: RegExp;
  readonly hint: string;
}

/** Where a program comes from that servers are often started with. */
const PROGRAMS: Readonly<Record<string, string>> = {
  npx: "install Node.js, which npx is part of",
  node: "install Node.js",
  npm: "install Node.js, which npm is part of",
  uvx: "install uv, which uvx is part of",
  uv: "install uv",
  docker: "install Docker",
  python: "install Python, or try python3",
  bunx: "install Bun, which bunx is part of",
  deno: "install Deno",
};

/** What a status of HTTP means for who runs the gateway. */
const STATUS_HINTS: readonly (readonly [RegExp, string])[] = [
  [/HTTP 429/, "it has had too many requests: wait, then try again"],
  [
    /HTTP 50[234]/,
    "what stands in front of it does not reach it: see that it runs",
  ],
  [/HTTP 5\d\d/, "the fault is in the server: its own log may say more"],
];

/** The first that fits counts; they go before the gateway's own hint. */
const RULES: readonly Rule[] = [
  {
    fault: "backend_refused_credentials",
    hint: `set or correct "headers", such as ` +
      `{ "Authorization": "$env:NAME" } with Bearer and the token in NAME`,
  },
  {
    fault: "backend_timeout",
    message: /initialize|start|get ready/,
    hint: `where it needs longer, as for a first download, set ` +
      `"timeouts": { "open": "2m" }`,
  },
  {
    fault: "backend_timeout",
    hint: `where it needs longer, set "timeouts": { "request": "10m" }`,
  },
  {
    fault: "backend_exited",
    hint: "run its command by hand to compare; from here a server gets few " +
      `variables but those that "env" and "inheritEnv" name`,
  },
  {
    fault: "backend_unavailable",
    message: /connection was refused/,
    hint: `start it, or correct the port of its "url"`,
  },
  {
    fault: "backend_unavailable",
    message: /name cannot be resolved/,
    hint: `correct the host name of its "url"`,
  },
  {
    fault: "backend_unavailable",
    message: /certificate is not trusted/,
    hint:
      `set or correct its "ca": the file of the authority that signed its ` +
      "certificate",
  },
  {
    fault: "backend_unavailable",
    message: /TLS handshake/,
    hint: `if it speaks plain HTTP, begin its "url" with http:`,
  },
  {
    fault: "backend_unavailable",
    message: /cannot be reached/,
    hint: `see that it runs, and that its "url" is right`,
  },
];

/** Where nothing better is known. */
const LAST_RESORTS: ReadonlyMap<string, string> = new Map([
  [
    "backend_error",
    "the fault is in the server: its own log may say more, and LOG_LEVEL=debug shows what it writes to stderr",
  ],
  [
    "backend_protocol",
    "the fault is in the server: see whether there is a newer version of it",
  ],
  [
    "internal",
    "this may be a fault of mcp-front; LOG_LEVEL=debug shows more of it",
  ],
]);

/** The hint for a failure; what fits the operator best is preferred to what clients are told. */
export function hintFor(
  failure: Hinted,
  { backend }: ServerConfig,
): string | undefined {
  const { fault, message, hint, straysOnStdout } = failure;
  if (straysOnStdout && fault === "backend_timeout") {
    return "it writes lines to stdout that are no messages of MCP: everything else belongs on stderr";
  }
  if (backend.kind === "stdio" && /" not found$/.test(message)) {
    return PROGRAMS[backend.stdio.command] ?? hint;
  }
  const meant = STATUS_HINTS.find(([status]) => status.test(message));
  if (meant && fault.startsWith("backend_")) return meant[1];
  if (fault === "backend_protocol" && backend.kind === "remote") {
    if (backend.remote.transport !== "auto" && hint === undefined) {
      return `if "url" is right, its transport may be another one: ` +
        `leave "transport" out, and it is found out`;
    }
    if (/answered HTTP/.test(message)) return `correct the path of its "url"`;
  }
  const rule = RULES.find((one) =>
    one.fault === fault && (one.message?.test(message) ?? true)
  );
  return rule?.hint ?? hint ?? LAST_RESORTS.get(fault);
}
