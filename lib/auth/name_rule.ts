// The rule that is made of lists of patterns: the deny list wins over the allow list.

import type { Decision } from "../principal.ts";
import { matcherOf } from "./pattern.ts";
import { decided, UNRESTRICTED } from "./rule.ts";
import type { Rule } from "./rule.ts";
import type { NameRule, PatternList, PlacedPattern } from "./scope.ts";
import type { ToolFilter } from "./server_access.ts";

/** How the decisions of a list are told. */
interface Wording {
  readonly fits: (pattern: PlacedPattern) => string;
  readonly misses: (list: PatternList) => string;
}

type ListKind = keyof NameRule;

const BY_PLACE: Wording = {
  fits: ({ path, shown }) => `${path} is ${shown}`,
  misses: ({ path }) => `${path} does not list it`,
};

/** Judges names by the lists of a token; its patterns are compiled once. */
export function nameRule(lists: NameRule, wording = BY_PLACE): Rule {
  const judges = (["deny", "allow"] as const).flatMap((kind) => {
    const list = lists[kind];
    return list === undefined ? [] : [judgeOf(kind, list, wording)];
  });
  return ({ name }) => {
    let decision = UNRESTRICTED;
    for (const judge of judges) {
      decision = judge(name);
      if (!decision.allowed) return decision;
    }
    return decision;
  };
}

/** Judges the tools of a server by its own filter, which holds for every token. */
export function filterRule({ mode, tools }: ToolFilter, server: string): Rule {
  const filter = `toolFilter of server "${server}"`;
  const verb = mode === "allow" ? "allows" : "denies";
  return nameRule({ [mode]: tools }, {
    fits: ({ shown }) => `${filter} ${verb} ${shown}`,
    misses: () => `${filter} does not list it`,
  });
}

/** Finds the first pattern of the list that fits. */
function judgeOf(
  kind: ListKind,
  list: PatternList,
  wording: Wording,
): (name: string) => Decision {
  const [fits, misses] = kind === "allow"
    ? ["allowed", "denied"] as const
    : ["denied", "allowed"] as const;
  const patterns = list.patterns.map((pattern) => ({
    matches: matcherOf(pattern.text),
    decision: decided(fits, wording.fits(pattern), pattern.line),
  }));
  const missed = decided(misses, wording.misses(list), list.line);
  return (name) =>
    patterns.find(({ matches }) => matches(name))?.decision ?? missed;
}
