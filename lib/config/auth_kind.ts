// `kind` of `proxy.auth`: whether static tokens alone open the gateway, or access tokens too.

import { closest } from "./closest.ts";
import type { Path } from "./path.ts";
import type { Report } from "./report.ts";
import type { AuthDraft } from "./schema.ts";

/** Static tokens alone. */
export const BEARER = "bearer_token";

/** The access tokens of an authorization server, and static ones beside them. */
export const OAUTH = "oauth";

/** What `kind` may be. */
export const KINDS = [BEARER, OAUTH] as const;

/** What `kind` says. */
export type AuthKind = typeof KINDS[number];

/** The kind of a file. */
export interface FoundKind {
  readonly kind: AuthKind;
  /** Whether the file says so; else it is what the other keys look like, and none of them is a key of the other kind. */
  readonly isSaid: boolean;
}

/** Where `proxy.auth` stands. */
export const AUTH_PATH: Path = ["proxy", "auth"];

/** An `auth` to begin with. */
export const AUTH_EXAMPLE = `"auth": { "kind": "${BEARER}", "tokens": ` +
  '{ "NAME": "$env:VARIABLE" } }';

const WANTED = `wanted "${BEARER}" or "${OAUTH}"`;

/** Reads `kind`. That there is no `auth` at all is told elsewhere. */
export function readKind(
  auth: AuthDraft | undefined,
  report: Report,
): FoundKind {
  const { kind, issuer } = auth ?? {};
  const guess = issuer === undefined ? BEARER : OAUTH;
  const path = [...AUTH_PATH, "kind"];
  if (auth && kind === undefined && !report.has(path)) {
    report.error(path, `found no "kind", ${WANTED}`, { hint: AUTH_EXAMPLE });
  }
  if (kind?.value === undefined) return { kind: guess, isSaid: false };
  const said = KINDS.find((one) => one === kind.value);
  if (said !== undefined) return { kind: said, isSaid: true };
  const meant = closest(kind.value, KINDS);
  report.error(path, `found ${report.quote(kind)}, ${WANTED}`, {
    hint: meant && `did you mean "${meant}"?`,
  });
  return { kind: guess, isSaid: false };
}
