// The owner of one session whose credentials are replaced all the time: it has the rights of the newest that came.

import { GatewayError } from "./errors.ts";
import type { GatewayErrorOptions } from "./errors.ts";
import { revocationOf } from "./principal.ts";
import type {
  Capability,
  Decision,
  OfferKind,
  Principal,
  Rights,
  RuleTexts,
} from "./principal.ts";

/** Who opens a session, as its owner: of one whose credential is for good it is the same. */
export function ownerOf(principal: Principal): Principal {
  return principal.rights ? new FollowingPrincipal(principal) : principal;
}

/**
 * The owner of a session has come again. Throws `expired_token` where it came with an older credential that has other
 * rights than the session has by now.
 */
export function cameAgain(owner: Principal, caller: Principal): void {
  if (owner instanceof FollowingPrincipal) owner.follow(caller);
}

/** The session of an owner has ended: nobody is listened to for it any more. */
export function leave(owner: Principal): void {
  if (owner instanceof FollowingPrincipal) owner.leave();
}

/** Whose credential it is by now, for what outlives the session of an owner. */
export function credentialOf(owner: Principal): Principal {
  return owner instanceof FollowingPrincipal ? owner.current : owner;
}

/** Of one session alone: that of another client with the same name may have other rights. */
class FollowingPrincipal implements Principal {
  readonly id: string;
  readonly generation: string;
  readonly #revoking = new AbortController();
  readonly #watchers = new Set<() => void>();
  #current: Principal;
  #leave: () => void;

  constructor(principal: Principal) {
    this.id = principal.id;
    this.generation = principal.generation;
    this.#current = principal;
    this.#leave = this.#join(principal);
  }

  get revoked(): AbortSignal {
    return this.#revoking.signal;
  }

  get rights(): Rights | undefined {
    return this.#current.rights;
  }

  allows(capability: Capability): Decision {
    return this.#current.allows(capability);
  }

  restricted(server: string): ReadonlySet<OfferKind> {
    return this.#current.restricted(server);
  }

  rules(server: string): RuleTexts {
    return this.#current.rules(server);
  }

  refused(
    message: string,
    decision: Decision,
    options?: GatewayErrorOptions,
  ): GatewayError {
    return this.#current.refused?.(message, decision, options) ??
      new GatewayError("not_permitted", message, options);
  }

  watch(listener: () => void): () => void {
    const watcher = () => listener();
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** See `leave()`. */
  leave(): void {
    this.#leave();
  }

  /** See `credentialOf()`. */
  get current(): Principal {
    return this.#current;
  }

  /** See `cameAgain()`. */
  follow(caller: Principal): void {
    const [now, then] = [caller.rights, this.rights];
    if (caller === this.#current || !now || !then) return;
    if (now.since < then.since) {
      if (now.text !== then.text) throw older();
      return;
    }
    this.#leave();
    this.#current = caller;
    this.#leave = this.#join(caller);
    if (now.text !== then.text) this.#tell();
  }

  #join(principal: Principal): () => void {
    const { revoked } = principal;
    const onRevoked = () => this.#revoking.abort(revocationOf(principal));
    if (revoked.aborted) onRevoked();
    revoked.addEventListener("abort", onRevoked, { once: true });
    const unwatch = principal.watch(() => this.#tell());
    return () => {
      revoked.removeEventListener("abort", onRevoked);
      unwatch();
    };
  }

  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** The client has a newer one: it takes that, or gets another. */
function older(): GatewayError {
  return new GatewayError(
    "expired_token",
    "The session goes on with a newer access token that has other scopes",
    {
      hint: "Send the newest one",
      headers: {
        "www-authenticate": 'Bearer realm="mcp-front", error="invalid_token"',
      },
    },
  );
}
