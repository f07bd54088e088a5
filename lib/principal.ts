// The authenticated caller, as everything behind authentication sees it.

import { GatewayError } from "./errors.ts";
import type { GatewayErrorOptions } from "./errors.ts";

/** What a server offers that a policy can restrict, apart from the server itself. */
export type OfferKind = "tool" | "prompt" | "resource";

/** Something a principal may or may not do; `server` is the name in `mcpServers`. */
export type Capability =
  | { readonly kind: "server"; readonly server: string }
  | {
    readonly kind: "tool";
    readonly server: string;
    /** As the server itself calls it. */
    readonly name: string;
    /** The tool's annotation (2025-11-25 `schema` § ToolAnnotations); absent where it is not known. */
    readonly readOnlyHint?: boolean;
  }
  | { readonly kind: "prompt"; readonly server: string; readonly name: string }
  | {
    readonly kind: "resource";
    readonly server: string;
    readonly uri: string;
  };

/** An answer of the policy, with the rule that decided, for the log and for the caller. */
export interface Decision {
  readonly allowed: boolean;
  /** The rule in words, such as `authTokens of server "files"`. */
  readonly rule: string;
  /** The line of the configuration file where the rule stands, from 1. */
  readonly line?: number;
  /** What is not known and would decide: not allowed unless it is told. */
  readonly dependsOn?: "readOnlyHint";
  /** The scopes with which it would be allowed, where only scopes are missing; never empty. */
  readonly needs?: readonly string[];
}

/** What may be done with a credential, where a caller comes with one after the other. */
export interface Rights {
  /** Differs where the rights do. */
  readonly text: string;
  /** When the newest credential with these rights was issued, in seconds since 1970. */
  readonly since: number;
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
  /** Of what a server offers, the kinds that some rule restricts; of the others everything is allowed. */
  restricted(server: string): ReadonlySet<OfferKind>;
  /** The rules for each kind of what a server offers, as texts that differ where the rules do. */
  rules(server: string): RuleTexts;
  /** Calls `listener` each time the policy, or the servers there are, may have changed. Returns what ends that. */
  watch(listener: () => void): () => void;
  /** Of callers whose credentials are replaced all the time, such as access tokens; absent where one is for good. */
  readonly rights?: Rights;
  /** How such a caller is refused what a decision does not allow; absent: as static tokens are. */
  refused?(
    message: string,
    decision: Decision,
    options?: GatewayErrorOptions,
  ): GatewayError;
}

/** A text for each kind of offer. */
export type RuleTexts = Readonly<Record<OfferKind, string>>;

/** Whether two principals are the same owner of sessions. */
export function isSameOwner(a: Principal, b: Principal): boolean {
  return a.id === b.id && a.generation === b.generation;
}

/** The same for principals that may share what is bound to what they may do. */
export function sharingKey({ id, generation, rights }: Principal): string {
  return JSON.stringify([id, generation, rights?.text]);
}

/** Why what a principal owned has ended: `invalid_token`, unless the signal tells another reason. */
export function revocationOf({ id, revoked }: Principal): GatewayError {
  const reason: unknown = revoked.reason;
  return reason instanceof GatewayError ? reason : new GatewayError(
    "invalid_token",
    `The token "${id}" is no longer valid`,
  );
}
