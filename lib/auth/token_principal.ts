// The caller that a bearer token stands for, as long as the token has this value.

import { randomUUID } from "node:crypto";
import type { GatewayError } from "../errors.ts";
import type {
  Capability,
  Decision,
  OfferKind,
  Principal,
  RuleTexts,
} from "../principal.ts";
import type { Judgement } from "./policy.ts";

/** Its policy may be replaced while sessions hold on to it. */
export class TokenPrincipal implements Principal {
  readonly id: string;
  readonly generation: string;
  readonly #revoking = new AbortController();
  readonly #watchers = new Set<() => void>();
  #policy: Judgement;

  /** @param id the token's name */
  constructor(
    id: string,
    policy: Judgement,
    generation: string = randomUUID(),
  ) {
    this.id = id;
    this.generation = generation;
    this.#policy = policy;
  }

  get revoked(): AbortSignal {
    return this.#revoking.signal;
  }

  allows(capability: Capability): Decision {
    return this.#policy.allows(capability);
  }

  restricted(server: string): ReadonlySet<OfferKind> {
    return this.#policy.restricted(server);
  }

  rules(server: string): RuleTexts {
    return this.#policy.rules(server);
  }

  watch(listener: () => void): () => void {
    const watcher = () => listener();
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Whether somebody watches: a session or a request under way does. */
  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  /** From now on this policy is asked; nobody is told of it yet. */
  follow(policy: Judgement): void {
    this.#policy = policy;
  }

  /** Tells who watches. */
  tellChange(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** The token is no longer valid. */
  revoke(reason: GatewayError): void {
    this.#revoking.abort(reason);
  }
}
