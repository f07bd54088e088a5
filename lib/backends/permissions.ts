// What one principal may do with the offers of one server, asked message by message.

import { GatewayError } from "../errors.ts";
import type {
  Capability,
  Decision,
  OfferKind,
  Principal,
} from "../principal.ts";
import type { Offer } from "./offer.ts";

/** The longest name that is shown to the client and in the log. */
const MAX_SHOWN_CHARS = 200;

/** What a shell takes as it is, whatever a client calls a tool. */
const PLAIN_WORD = /^\w[\w./:-]{0,127}$/;

/** The policy as it stands when it is asked. */
export class Permissions {
  readonly #principal: Principal;
  readonly #server: string;

  constructor(principal: Principal, server: string) {
    this.#principal = principal;
    this.#server = server;
  }

  /** See `Principal`. */
  get restricted(): ReadonlySet<OfferKind> {
    return this.#principal.restricted(this.#server);
  }

  /** Whether an offer may be used; of a tool, `readOnlyHint` is what its annotation says, absent where that is not known. */
  decide({ kind, name }: Offer, readOnlyHint?: boolean): Decision {
    return this.#principal.allows(this.#capability(kind, name, readOnlyHint));
  }

  /** Whether an offer is listed: also what more scopes would open, for clients ask for those when it is used. */
  shows(offer: Offer, readOnlyHint: boolean): boolean {
    const { allowed, needs } = this.decide(offer, readOnlyHint);
    return allowed || needs !== undefined;
  }

  /** Why an offer may not be used: `not_permitted`, or `insufficient_scope` where more scopes would do; with `unknown`, why it is not known what would decide. */
  refusal(offer: Offer, decision: Decision, unknown = ""): GatewayError {
    const { rule, line } = decision;
    const { id } = this.#principal;
    const shown = shownName(offer);
    // What stands in no file the command knows nothing of.
    const ask = line === undefined ? undefined : this.#explanation(offer);
    const message = `The token "${id}" may not use ${offer.kind} ` +
      `${JSON.stringify(shown)} of server "${this.#server}": ` +
      `${rule}${unknown && `; ${unknown}`}`;
    const options = {
      ...(ask === undefined ? {} : { hint: `To learn more, run ${ask}` }),
      fields: {
        [offer.kind]: shown,
        rule,
        ...(line === undefined ? {} : { line }),
        ...(unknown === "" ? {} : { reason: unknown }),
      },
    };
    const more = decision.needs &&
      this.#principal.refused?.(message, decision, options);
    return more ?? new GatewayError("not_permitted", message, options);
  }

  #capability(
    kind: OfferKind,
    name: string,
    readOnlyHint: boolean | undefined,
  ): Capability {
    const server = this.#server;
    if (kind === "resource") return { kind, server, uri: name };
    if (kind === "prompt") return { kind, server, name };
    return { kind, server, name, readOnlyHint };
  }

  /** The command by which an operator learns of a decision; nothing where a name would have to be quoted. */
  #explanation({ kind, name }: Offer): string | undefined {
    const { id: token } = this.#principal;
    const options = { token, server: this.#server };
    const all = kind === "tool" ? { ...options, tool: name } : options;
    if (!Object.values(all).every((word) => PLAIN_WORD.test(word))) {
      return undefined;
    }
    const words = Object.entries(all).map(([key, word]) => `-${key} ${word}`);
    return `mcp-front explain ${words.join(" ")}`;
  }
}

/** The query of a uri may hold a key, its user part a password. */
function shownName({ kind, name }: Offer): string {
  const text = kind === "resource"
    ? name.replace(/[?#].*$/s, "").replace(/\/\/[^/]*@/, "//")
    : name;
  if (text.length <= MAX_SHOWN_CHARS) return text;
  return `${text.slice(0, MAX_SHOWN_CHARS).toWellFormed()}…`;
}
