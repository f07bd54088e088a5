// Which servers the command may use.

import { Policy } from "../../auth/policy.ts";
import type { Omission, Visit } from "../check/plan.ts";
import { CommandError, EXIT_CODES } from "../command_error.ts";
import type { Entry } from "./entry.ts";

/** Each server, in the order of the file, as one that has to be ready or as one that is left alone. Throws a `CommandError` where none may be used. */
export function stepsFor(
  { config, name: token }: Pick<Entry, "config" | "name">,
): (Visit | Omission)[] {
  const { scopes, servers } = config;
  const policy = new Policy(token, {
    scopes,
    servers: new Map(servers.map((server) => [server.name, server])),
  });
  const steps = servers.map((server): Visit | Omission => {
    const { name } = server;
    const { allowed, rule } = policy.allows({ kind: "server", server: name });
    return allowed
      ? { kind: "visit", server, token }
      : { kind: "omission", server, token, rule };
  });
  if (steps.some(({ kind }) => kind === "visit")) return steps;
  const rules = steps.map((step) => "rule" in step ? step.rule : "");
  throw new CommandError(
    "the command may use no server",
    rules.join("; "),
    EXIT_CODES.usage,
  );
}
