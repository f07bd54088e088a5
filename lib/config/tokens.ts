// `tokens` of `proxy.auth`: the named tokens that open the gateway.

import { hashedToken, tokenOf } from "../auth/token.ts";
import { momentIn } from "../moment.ts";
import { readExpiry } from "./expiry.ts";
import { AUTH_EXAMPLE, AUTH_PATH, BEARER } from "./auth_kind.ts";
import type { AuthKind } from "./auth_kind.ts";
import { mayBeClientSecret } from "./oauth/introspection.ts";
import type { Path } from "./path.ts";
import type { Report } from "./report.ts";
import type { AuthDraft, FileDraft, TokenDraft } from "./schema.ts";
import { Text } from "./text.ts";
import { digestIn, isHash } from "./token_hash.ts";
import {
  flawOfToken,
  isPrintable,
  isTokenName,
  MIN_SAFE_TOKEN_LENGTH,
  NAME_WANTED,
} from "./token_rules.ts";
import { TokenTable } from "./token_table.ts";
import type { Value } from "./values.ts";

/** Where the tokens stand. */
export const TOKENS_PATH: Path = [...AUTH_PATH, "tokens"];

const NEVER_OPEN = "the gateway is never open without a token";

/** Makes every text unspeakable that is a secret of the gateway or stands where one may; to be called before anything is quoted. */
export function concealSecrets(value: Value, report: Report): void {
  if (value instanceof Text) {
    if (mayBeToken(value) || mayBeClientSecret(value.path)) {
      conceal(value.value ?? "", report);
    }
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const member of Object.values(value)) concealSecrets(member, report);
}

function conceal(text: string, report: Report): void {
  report.conceal(text);
  const digest = isHash(text) ? digestIn(text) : undefined;
  if (digest !== undefined) report.concealDigest(digest);
}

/**
 * Reads `tokens` of `proxy.auth`, which where access tokens are taken need not be there. `names` are their keys, in
 * the order of the file; without `now` nothing is said of tokens that end.
 */
export function readTokens(
  file: FileDraft,
  names: readonly string[],
  kind: AuthKind,
  report: Report,
  now?: Date,
): TokenTable {
  const table = new TokenTable(names);
  const auth = file.proxy?.auth;
  if (auth === undefined) {
    tellMissingAuth(file, report);
    return table;
  }
  if (names.length === 0 && kind === BEARER) tellNoToken(auth, report);
  const drafts = new Map(Object.entries(auth.tokens ?? {}));
  for (const name of names) {
    checkName(name, report);
    const draft = drafts.get(name);
    const end = draft instanceof Text ? undefined : draft?.expires;
    const expires = end && readExpiry(end, name, report, now);
    if (expires !== undefined) table.addExpiry(name, expires);
    const text = draft && valueOf(draft, [...TOKENS_PATH, name], report);
    if (text !== undefined) addToken(name, text, table, report);
  }
  return table;
}

/** Whether the value of a token belongs at this path. */
export function isTokenPath(path: Path): boolean {
  const rest = path.slice(TOKENS_PATH.length + 1);
  return path.length > TOKENS_PATH.length && isBelowTokens(path) &&
    (rest.length === 0 || rest.length === 1 && rest[0] === "value");
}

function isBelowTokens(path: Path): boolean {
  return TOKENS_PATH.every((step, i) => path[i] === step);
}

function mayBeToken({ path, value }: Text): boolean {
  if (!isBelowTokens(path)) return false;
  const [first, ...rest] = path.slice(TOKENS_PATH.length + 1);
  if (first === "expires" && momentIn(value ?? "") !== undefined) return false;
  // What is misplaced may be a token: only what stands where a pattern belongs is none.
  const place = first === "servers" ? rest.slice(1) : [first, ...rest];
  const [kind, list, index, ...deeper] = place;
  return !["tools", "prompts", "resources"].includes(`${kind}`) ||
    !["allow", "deny"].includes(`${list}`) ||
    typeof index !== "number" || deeper.length > 0;
}

function valueOf(
  draft: TokenDraft,
  path: Path,
  report: Report,
): Text | undefined {
  if (draft instanceof Text) return draft;
  const place = [...path, "value"];
  if (draft.value === undefined && !report.has(place)) {
    report.error(path, 'found no "value", wanted the token itself', {
      hint: '"value": "$env:VARIABLE"',
    });
  }
  return draft.value;
}

function tellMissingAuth(file: FileDraft, report: Report): void {
  // What is there and of the wrong type has its problem already.
  if (report.has(AUTH_PATH)) return;
  if (file.proxy === undefined && report.has(["proxy"])) return;
  report.error(AUTH_PATH, `found no "auth"; ${NEVER_OPEN}`, {
    hint: AUTH_EXAMPLE,
  });
}

function tellNoToken(auth: AuthDraft, report: Report): void {
  if (auth.tokens === undefined && report.has(TOKENS_PATH)) return;
  report.error(TOKENS_PATH, `found no token; ${NEVER_OPEN}`, {
    hint: AUTH_EXAMPLE,
  });
}

function checkName(name: string, report: Report): void {
  if (isTokenName(name)) return;
  const found = isPrintable(name)
    ? `${name.length} characters`
    : report.quoteKey(name);
  const path = [...TOKENS_PATH, name];
  report.error(path, `found ${found}, wanted ${NAME_WANTED}`, { at: "key" });
}

function addToken(
  name: string,
  text: Text,
  table: TokenTable,
  report: Report,
): void {
  const { value, path } = text;
  table.addSource(text, "a token");
  if (value === undefined) return;
  const flaw = flawOfToken(value, table.names);
  if (flaw !== undefined) {
    report.error(path, flaw.message + text.source, { hint: flaw.hint });
    return;
  }
  const digest = isHash(value) ? digestIn(value) : undefined;
  const token = digest === undefined ? tokenOf(value) : hashedToken(digest);
  // How long a token is, its hash does not say.
  if (token.value && value.length < MIN_SAFE_TOKEN_LENGTH) {
    report.warn(
      path,
      `found a token of ${value.length} characters${text.source}; ` +
        `${MIN_SAFE_TOKEN_LENGTH} or more are hard to guess`,
      { hint: "mcp-front token new makes a strong one" },
    );
  }
  const twin = table.nameOfDigest(token.digest.reveal());
  if (twin !== undefined) {
    report.error(
      path,
      `tokens ${report.quoteKey(twin)} and ${report.quoteKey(name)} have ` +
        "the same value; each name wants its own",
    );
  }
  const expires = table.expiries.get(name);
  table.add(name, expires === undefined ? token : { ...token, expires });
}
