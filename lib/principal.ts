// The authenticated caller, as everything behind authentication sees it.

/** Something a principal may or may not do. */
export interface Capability {
  readonly kind: "server";
  /** The name in `mcpServers`. */
  readonly server: string;
}

/** An answer of the policy, with the rule that decided, for the log and for the caller. */
export interface Decision {
  readonly allowed: boolean;
  /** The rule in words, such as `authTokens of server "files"`. */
  readonly rule: string;
}

/** The authenticated caller. Nothing further in sees the credential itself. */
export interface Principal {
  /** The token's name: what logs show. */
  readonly id: string;
  /** Opaque, one per credential: a new value under an old name is a different owner of sessions. */
  readonly generation: string;
  /** Fires when the credential is removed, changed or expires. */
  readonly revoked: AbortSignal;
  /** Asks the current policy. */
  allows(capability: Capability): Decision;
}

/** Whether two principals are the same owner of sessions. */
export function isSameOwner(a: Principal, b: Principal): boolean {
  return a.id === b.id && a.generation === b.generation;
}
