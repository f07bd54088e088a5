// Whether a caller may use a server at all, or any of those at the root, and how else it is refused.

import { ROOT } from "../backends/aggregate/aggregate.ts";
import type { Roster } from "../backends/roster.ts";
import type { GatewayError } from "../errors.ts";
import type { Decision, Principal } from "../principal.ts";
import type { Route } from "../routing/routes.ts";
import { removedServer } from "../routing/unknown_place.ts";
import { notAllowed } from "./challenge.ts";

/** Why not; follows the name of the caller. */
interface Why {
  readonly what: string;
  readonly decision: Decision;
}

/** Asks the policies about the servers that there are. */
export class UseOfServers {
  readonly #roster: Roster;

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  /** Throws where the caller may not use what is there. */
  check(
    place: Extract<Route, { kind: "root" | "server" }>,
    caller: Principal,
  ): void {
    const server = place.kind === "root" ? ROOT : place.server;
    const refusal = this.#refusal(server, caller);
    if (refusal) throw refusal;
  }

  /** See `Judge`. */
  judge(server: string, owner: Principal): GatewayError | undefined {
    if (server !== ROOT && !this.#roster.has(server)) {
      return removedServer(server);
    }
    return this.#refusal(server, owner);
  }

  /** The names of the servers that a caller may use. */
  usableBy(caller: Principal): string[] {
    return this.#roster.usableBy(caller).map(({ name }) => name);
  }

  #refusal(server: string, caller: Principal): GatewayError | undefined {
    const why = server === ROOT
      ? this.#whyNone(caller)
      : this.#whyNot(server, caller);
    return why && notAllowed(caller, why.what, why.decision);
  }

  #whyNot(server: string, caller: Principal): Why | undefined {
    const decision = caller.allows({ kind: "server", server });
    if (decision.allowed) return undefined;
    const what = `may not use server "${server}": ${decision.rule}`;
    return { what, decision };
  }

  /** Where more scopes would open one server, that one tells which. */
  #whyNone(caller: Principal): Why | undefined {
    if (this.usableBy(caller).length > 0) return undefined;
    const decisions = this.#roster.names.map((server) =>
      caller.allows({ kind: "server", server })
    );
    const decision = decisions.find(({ needs }) => needs) ?? decisions[0] ??
      { allowed: false, rule: "there is no server" };
    return { what: "may not use any server", decision };
  }
}
