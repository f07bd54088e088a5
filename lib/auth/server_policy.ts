// What one token may do at one server: all rules that apply there, compiled once.

import type {
  Capability,
  Decision,
  OfferKind,
  RuleTexts,
} from "../principal.ts";
import { filterRule, nameRule } from "./name_rule.ts";
import { readOnlyRule } from "./read_only_rule.ts";
import { decided, UNRESTRICTED } from "./rule.ts";
import type { Offer, Rule } from "./rule.ts";
import type { NameRule, Narrowing, ScopeRules, TokenScope } from "./scope.ts";
import { ruleTexts } from "./rule_texts.ts";
import type { ServerAccess } from "./server_access.ts";

/** Answers for one token at one server. */
export interface ServerPolicy {
  /** The decision on what is asked of this server. */
  decide(capability: Capability): Decision;
  /** The kinds of offers that some rule restricts. */
  readonly restricted: ReadonlySet<OfferKind>;
  /** See `Principal`. */
  readonly texts: RuleTexts;
}

/** Whom the rules are for, and where. */
export interface Subject {
  /** The token's name. */
  readonly token: string;
  /** The server's name. */
  readonly server: string;
}

/** Whose rules they are in words, such as `token "ci"`, and where. */
export interface Ownership extends Pick<Subject, "server"> {
  readonly owner: string;
}

/** What the rules are. */
export interface Ruled {
  readonly access: ServerAccess;
  /** Absent: no more than those of the server. */
  readonly scope: TokenScope | undefined;
}

type Rules = Readonly<Record<OfferKind, readonly Rule[]>>;

const KINDS: readonly OfferKind[] = ["tool", "prompt", "resource"];

/** Puts together the server's own rules, those of the token, and those of the token for this server. */
export function serverPolicy(
  subject: Subject,
  access: ServerAccess,
  scope: TokenScope | undefined,
): ServerPolicy {
  const entry = entryDecision(subject, access, scope?.only);
  const { token, server } = subject;
  return policyBehind(entry, { owner: `token "${token}"`, server }, {
    access,
    scope,
  });
}

/** The same, where it is decided already who may use the server. */
export function policyBehind(
  entry: Decision,
  { owner, server }: Ownership,
  { access, scope }: Ruled,
): ServerPolicy {
  const rules = rulesOf({ owner, server }, access, scope);
  const isRestricted = (kind: OfferKind) =>
    !entry.allowed || rules[kind].length > 0;
  return {
    restricted: new Set(KINDS.filter(isRestricted)),
    texts: ruleTexts(
      entry,
      access,
      scope?.servers.get(server),
      scope,
      leftOf(server, scope?.only),
    ),
    decide(capability) {
      if (!entry.allowed || capability.kind === "server") return entry;
      return judged(rules[capability.kind], offerOf(capability));
    },
  };
}

function entryDecision(
  { token, server }: Subject,
  { authTokens, line }: ServerAccess,
  only: Narrowing | undefined,
): Decision {
  if (only && !only.servers.has(server)) {
    return decided("denied", `${only.path} does not name server "${server}"`);
  }
  if (authTokens === undefined) {
    const rule = `server "${server}" has no authTokens: any valid token`;
    return decided("allowed", rule, line);
  }
  return authTokens.includes(token)
    ? decided(
      "allowed",
      `authTokens of server "${server}" lists "${token}"`,
      line,
    )
    : decided(
      "denied",
      `authTokens of server "${server}" does not list "${token}"`,
      line,
    );
}

function rulesOf(
  { owner, server }: Ownership,
  { toolFilter }: ServerAccess,
  scope: TokenScope | undefined,
): Rules {
  const here = scope?.servers.get(server);
  const left = leftOf(server, scope?.only);
  const all = [scope, here, left].filter((rules) => rules !== undefined);
  const names = (member: "tools" | "prompts" | "resources") =>
    all.flatMap((rules) => namesOf(rules, member));
  const filters =
    toolFilter && restricts({ [toolFilter.mode]: toolFilter.tools })
      ? [filterRule(toolFilter, server)]
      : [];
  return {
    tool: [
      ...filters,
      ...names("tools"),
      // Last: what only the annotation can tell is asked only where all else is settled.
      ...(scope?.readOnly ? [readOnlyRule(scope.readOnly, owner)] : []),
      ...(here?.readOnly
        ? [readOnlyRule(here.readOnly, `${owner} for server "${server}"`)]
        : []),
    ],
    prompt: names("prompts"),
    resource: names("resources"),
  };
}

/** What a narrowing leaves of a server, as rules; undefined where that is everything. */
function leftOf(
  server: string,
  only: Narrowing | undefined,
): ScopeRules | undefined {
  const tools = only?.servers.get(server);
  if (only === undefined || tools === undefined || tools === "all") {
    return undefined;
  }
  const nothing = { allow: { path: only.path, patterns: [] } };
  return { tools: { allow: tools }, prompts: nothing, resources: nothing };
}

function namesOf(
  rules: ScopeRules,
  member: "tools" | "prompts" | "resources",
): Rule[] {
  const lists = rules[member];
  return lists && restricts(lists) ? [nameRule(lists)] : [];
}

/** Without lists, or with an empty deny list alone, there is nothing to restrict. */
function restricts({ allow, deny }: NameRule): boolean {
  return allow !== undefined || (deny?.patterns.length ?? 0) > 0;
}

/** All have to let it through; of those that do, the narrowest is named. */
function judged(rules: readonly Rule[], offer: Offer): Decision {
  let decision = UNRESTRICTED;
  for (const rule of rules) {
    decision = rule(offer);
    if (!decision.allowed) return decision;
  }
  return decision;
}

function offerOf(
  capability: Exclude<Capability, { readonly kind: "server" }>,
): Offer {
  return capability.kind === "resource" ? { name: capability.uri } : capability;
}
