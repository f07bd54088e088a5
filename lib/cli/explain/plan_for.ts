// Which servers are asked for their tools, on behalf of whom.

import type { Config } from "../../../mod.ts";
import { accessRulesOf } from "../../config/access_rules.ts";
import { plan } from "../check/plan.ts";
import type { Omission, Visit } from "../check/plan.ts";
import { CALLER } from "../check/without_oauth.ts";
import { judgementFor } from "./judgement.ts";
import type { Who } from "./judgement.ts";

/** Those that the token or caller may use, in the order of the file. */
export function planFor(
  who: Who,
  config: Config,
  file: string,
): (Visit | Omission)[] {
  if (who.caller === undefined) return plan(config, file, who.token);
  const policy = judgementFor(who, accessRulesOf(config));
  return config.servers.map((server) => {
    const { allowed, rule } = policy.allows({
      kind: "server",
      server: server.name,
    });
    return allowed
      ? { kind: "visit", server, token: CALLER }
      : { kind: "omission", server, rule };
  });
}
