// The scope of a token: what it may use of what servers offer, each rule with where it stands in the file.

/** Where a rule stands. */
export interface Place {
  /** Such as `proxy.auth.tokens.ci.tools.deny[0]`. */
  readonly path: string;
  /** Counted from 1; absent where there is no file. */
  readonly line?: number;
}

/** One pattern of a list. */
export interface PlacedPattern extends Place {
  /** `*` stands for any number of characters. */
  readonly text: string;
  /** As it may be shown: quoted, or by the variable it comes from. */
  readonly shown: string;
}

/** A list of patterns. */
export interface PatternList extends Place {
  /** In the order of the file. */
  readonly patterns: readonly PlacedPattern[];
}

/** Which names may be used; where both lists fit a name, `deny` wins. */
export interface NameRule {
  /** Absent: every name; without patterns: none. */
  readonly allow?: PatternList;
  /** Absent: takes nothing away. */
  readonly deny?: PatternList;
}

/** Rules for what servers offer; each can only take away. */
export interface ScopeRules {
  /** By name. */
  readonly tools?: NameRule;
  /** By name. */
  readonly prompts?: NameRule;
  /** By uri, or by the template of uris. */
  readonly resources?: NameRule;
  /** Where it is asked for that tools say `readOnlyHint`; absent where it is not. */
  readonly readOnly?: Place;
}

/** What a token is narrowed to besides its rules. */
export interface Narrowing extends Pick<Place, "path"> {
  /** Of each server that is left, by its name, the tools that are, and nothing else of it; `all` where everything is. */
  readonly servers: ReadonlyMap<string, PatternList | "all">;
}

/** The rules of a token for every server, and besides these for some of them. */
export interface TokenScope extends ScopeRules {
  /** By the server's name. */
  readonly servers: ReadonlyMap<string, ScopeRules>;
  /** Absent where it is not narrowed. */
  readonly only?: Narrowing;
}
