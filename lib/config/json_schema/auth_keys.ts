// What is said about the keys of `proxy.auth`, the rules of tokens apart.

import { BEARER, KINDS, OAUTH } from "../auth_kind.ts";
import { DEFAULT_GROUPS_CLAIM } from "../oauth/groups_claim.ts";
import { SCOPE_NAME } from "../oauth/scope_names.ts";
import { STATIC_PATH } from "../oauth/static_path.ts";
import { authSchema, grantSchema, introspectionSchema } from "../schema.ts";
import { MAX_TOKEN_NAME_LENGTH } from "../token_rules.ts";
import { describeKeys } from "./describe_keys.ts";
import type { AboutKeys, Notes } from "./describe_keys.ts";
import { fixed, looksLike, url } from "./keywords.ts";
import type { Keywords } from "./keywords.ts";
import { RULES, SERVERS } from "./token_keys.ts";

type Shape = typeof authSchema.shape;

/** The keys for both kinds. */
type SharedKey = "kind" | "tokens";

/** Takes down what is said about `proxy.auth`. */
export function describeAuth(notes: Notes): void {
  notes.add(authSchema, {
    required: ["kind"],
    allOf: [
      where(BEARER, {
        required: ["tokens"],
        properties: {
          tokens: { type: "object", minProperties: 1 },
          ...Object.fromEntries(
            Object.keys(OAUTH_KEYS).map((key) => [key, false]),
          ),
        },
      }),
      where(OAUTH, { required: ["issuer"] }),
    ],
  });
  describeKeys(notes, authSchema.shape, { ...SHARED_KEYS, ...OAUTH_KEYS });
  describeIntrospection(notes);
  notes.add(grantSchema, {
    description:
      "What the holders of this scope may use, besides what their other scopes allow.",
  });
  describeKeys(notes, grantSchema.shape, { ...RULES, servers: SERVERS });
}

/** A list of scopes that are needed. */
export function scopeList(): Keywords {
  return {
    minItems: 1,
    items: { type: "string", ...looksLike(SCOPE_NAME) },
    examples: [["db:use"]],
  };
}

function where(kind: string, then: Keywords): Keywords {
  return {
    if: { properties: { kind: { const: kind } }, required: ["kind"] },
    then,
  };
}

const SHARED_KEYS: Pick<AboutKeys<Shape>, SharedKey> = {
  kind: {
    description:
      "How clients say who they are: by static tokens alone, or also by access tokens of an authorization server.",
    ...fixed(KINDS),
  },
  tokens: {
    description:
      "Tokens by name, each its value or hash, or an object with that and rules. The log shows the name.",
    propertyNames: { minLength: 1, maxLength: MAX_TOKEN_NAME_LENGTH },
  },
};

const OAUTH_KEYS: Omit<AboutKeys<Shape>, SharedKey> = {
  issuer: {
    description:
      "The authorization server whose access tokens are taken, exactly as its tokens name it.",
    ...url("https://login.example.com/realms/tools"),
  },
  staticPath: {
    description:
      "The prefix of paths that take static tokens alone and say nothing of OAuth, for clients that would drop their token.",
    ...looksLike(STATIC_PATH),
    examples: ["/static"],
  },
  audiences: {
    description:
      "What access tokens may be made for, besides the urls of the gateway.",
    minItems: 1,
    examples: [["api://mcp-front"]],
  },
  jwksUri: {
    description:
      "Where the keys of the issuer are; by default where its metadata says.",
    ...url("https://login.example.com/keys"),
  },
  introspection: {
    description:
      "How the issuer is asked about opaque access tokens (RFC 7662); without it they are refused.",
    examples: [{ clientId: "mcp-front", clientSecret: "$env:CLIENT_SECRET" }],
  },
  groupsClaim: {
    description:
      "Where the groups of a caller are in an access token; dots lead into objects.",
    default: DEFAULT_GROUPS_CLAIM,
    examples: ["realm_access.roles"],
  },
  allowedDomains: {
    description:
      "Domains of which the verified e-mail address of a caller with an access token must be, without their subdomains.",
    minItems: 1,
    examples: [["example.com"]],
  },
  scopes: {
    description:
      "What the scopes of access tokens let their holders use; without it they may use all that their servers offer.",
    minProperties: 1,
    propertyNames: { pattern: SCOPE_NAME.source },
    examples: [{ "mcp:read": { readOnly: true }, "mcp:write": {} }],
  },
};

function describeIntrospection(notes: Notes): void {
  notes.add(introspectionSchema, { required: ["clientId", "clientSecret"] });
  describeKeys(notes, introspectionSchema.shape, {
    clientId: {
      description: "By which the gateway is known to the issuer.",
      minLength: 1,
    },
    clientSecret: {
      description: "The secret that goes with clientId. No server may have it.",
      minLength: 1,
      examples: ["$env:CLIENT_SECRET", "$file:secrets/client"],
    },
    endpoint: {
      description: "Where to ask; by default where the issuer's metadata says.",
      ...url("https://login.example.com/introspect"),
    },
  });
}
