// What is said about tokens and the rules that they may have.

import {
  namesSchema,
  rulesSchema,
  scopedTokenSchema,
  tokenSchema,
} from "../schema.ts";
import { DATE, DATE_TIME } from "../../moment.ts";
import { HASH, HASH_BEGINNING } from "../token_hash.ts";
import { LEGAL_VALUE } from "../token_rules.ts";
import { describeKeys } from "./describe_keys.ts";
import type { About, AboutKeys, Notes } from "./describe_keys.ts";
import { looksLike } from "./keywords.ts";

const VALUE: About = {
  description:
    "The token itself, its hash, or a reference to either: mcp-front token new makes a good one.",
  ...looksLike(LEGAL_VALUE),
  minLength: 1,
  if: { pattern: HASH_BEGINNING.source },
  then: { pattern: HASH.source },
  examples: [
    "sha256:f60797d8a4db36c2e04010aa852f6628a5fbfa79a8d44c972e2bb3105f67ec41",
    "$env:ALICE_TOKEN",
    "$file:secrets/alice",
  ],
};

/** What is said about each kind of rule. */
export const RULES: AboutKeys<typeof rulesSchema.shape> = {
  tools: { description: "Which tools may be used, by their names." },
  prompts: { description: "Which prompts may be used, by their names." },
  resources: {
    description:
      "Which resources may be used, by their uris and those of their templates.",
  },
  readOnly: {
    description:
      "Leaves only the tools that say that they change nothing (readOnlyHint): the server's own word, no security.",
    default: false,
  },
};

/** What is said about the rules for single servers. */
export const SERVERS: About = {
  description: "Rules besides, for single servers, by server name.",
};

/** Takes down what is said about both forms of a token. */
export function describeTokens(notes: Notes): void {
  notes.add(tokenSchema, { title: "Token", ...VALUE });
  notes.add(scopedTokenSchema, {
    title: "Token with rules",
    description:
      "A token that ends, or that may not use everything its servers offer.",
    required: ["value"],
  });
  notes.add(rulesSchema, {
    description: "What may be used of this server, besides the rules for all.",
  });
  describePatterns(notes);
  describeKeys(notes, rulesSchema.shape, RULES);
  describeKeys(notes, scopedTokenSchema.shape, {
    ...RULES,
    value: VALUE,
    expires: {
      description:
        "When the token ends: a date, to the end of that day in UTC, or a time (RFC 3339).",
      ...looksLike(DATE, DATE_TIME),
      examples: ["2027-01-31", "2027-01-31T12:00:00Z"],
    },
    servers: SERVERS,
  });
}

function describePatterns(notes: Notes): void {
  describeKeys(notes, namesSchema.shape, {
    allow: {
      description:
        "Patterns for what may be used, * for any characters; without a list everything may, with an empty one nothing.",
      examples: [["read_*", "query"]],
    },
    deny: {
      description: "Patterns for what may not be used; deny wins over allow.",
      examples: [["*_secret"]],
    },
  });
}
