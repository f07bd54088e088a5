// What is said about tokens and the rules that they may have.

import {
  namesSchema,
  rulesSchema,
  scopedTokenSchema,
  tokenSchema,
} from "../schema.ts";
import { LEGAL_VALUE } from "../token_rules.ts";
import { describeKeys } from "./describe_keys.ts";
import type { About, AboutKeys, Notes } from "./describe_keys.ts";
import { looksLike } from "./keywords.ts";

const VALUE: About = {
  description:
    "The token itself, best as a reference: openssl rand -base64 32 makes a good one.",
  ...looksLike(LEGAL_VALUE),
  minLength: 1,
  examples: ["$env:ALICE_TOKEN"],
};

const RULES: AboutKeys<typeof rulesSchema.shape> = {
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

/** Takes down what is said about both forms of a token. */
export function describeTokens(notes: Notes): void {
  notes.add(tokenSchema, { title: "Token", ...VALUE });
  notes.add(scopedTokenSchema, {
    title: "Token with rules",
    description: "A token that may not use everything its servers offer.",
    required: ["value"],
  });
  notes.add(rulesSchema, {
    description:
      "What the token may use of this server, besides its rules for all.",
  });
  describePatterns(notes);
  describeKeys(notes, rulesSchema.shape, RULES);
  describeKeys(notes, scopedTokenSchema.shape, {
    ...RULES,
    value: VALUE,
    servers: {
      description: "Rules besides, for single servers, by server name.",
    },
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
