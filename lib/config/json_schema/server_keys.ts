// What is said about the entries of `mcpServers`.

import { BRIDGE_MODES, DEFAULT_BRIDGE_MODE } from "../../eras/bridge_mode.ts";
import { MAX_DURATION_MS } from "../duration.ts";
import { IGNORED_SERVER_KEYS } from "../foreign_keys.ts";
import { URL_KEYS } from "../remote_server.ts";
import { serverSchema, timeoutsSchema, toolFilterSchema } from "../schema.ts";
import { PASTED_TYPES, TRANSPORTS } from "../transport.ts";
import { scopeList } from "./auth_keys.ts";
import { describeKeys } from "./describe_keys.ts";
import type { AboutKeys, Notes } from "./describe_keys.ts";
import { duration, fixed, url } from "./keywords.ts";
import type { Keywords } from "./keywords.ts";

type Shape = typeof serverSchema.shape;

/** The keys of servers that are started. */
type CommandKey = "command" | "args" | "cwd" | "env" | "inheritEnv";

/** Takes down what is said about servers. */
export function describeServers(notes: Notes): void {
  notes.add(serverSchema, {
    title: "MCP server",
    description: "A command that is started, or a url.",
    oneOf: ["command", ...URL_KEYS].map((key) => ({ required: [key] })),
    dependentRequired: Object.fromEntries(
      ["args", "cwd", "inheritEnv"].map((key) => [key, ["command"]]),
    ),
  });
  describeKeys(notes, serverSchema.shape, { ...COMMAND_KEYS, ...OTHER_KEYS });
  describeTimeouts(notes);
  describeKeys(notes, toolFilterSchema.shape, {
    mode: {
      description:
        "Whether the list has the tools that stay, or those that go.",
      ...fixed(["allow", "deny"]),
    },
    tools: {
      description: "Patterns for the names of tools, * for any characters.",
      examples: [["get_*"]],
    },
  });
  notes.add(toolFilterSchema, { required: ["mode", "tools"] });
}

/** The keys that a pasted server may have without effect, as properties. */
export function ignoredProperties(): Keywords {
  const ignored = {
    description: "Comes from another tool; has no effect here.",
    deprecated: true,
  };
  return Object.fromEntries(IGNORED_SERVER_KEYS.map((key) => [key, ignored]));
}

const COMMAND_KEYS: Pick<AboutKeys<Shape>, CommandKey> = {
  command: {
    description:
      'The program to start: from the PATH, or relative to this file; "mcp-front" is this very program.',
    examples: ["npx", "./server"],
  },
  args: {
    description: "The arguments of the command; no shell is involved.",
    default: [],
  },
  cwd: {
    description:
      "The folder in which the command runs, relative to this file; by default the folder of this file.",
  },
  env: {
    description:
      "Variables of the command, besides a few ordinary ones. None may hold a token of the gateway.",
    examples: [{ DATABASE_URL: "$env:DATABASE_URL" }],
  },
  inheritEnv: {
    description:
      "Variables of the gateway that the command gets, where they are set.",
    examples: [["HTTPS_PROXY", "SSH_AUTH_SOCK"]],
  },
};

const OTHER_KEYS: Omit<AboutKeys<Shape>, CommandKey> = {
  url: {
    description: "Where the server is, without credentials in it.",
    ...url("https://search.example.com/mcp"),
  },
  serverUrl: { description: "The same as url.", ...url() },
  httpUrl: {
    description: "The same as url with transport streamable-http.",
    ...url(),
  },
  transport: {
    description: "What a server with a url speaks; auto finds out by asking.",
    ...fixed(TRANSPORTS.keys()),
    default: "auto",
  },
  bridge: {
    description:
      "What clients of one era of MCP see of a server of the other; native: that it is of the other.",
    ...fixed(BRIDGE_MODES),
    default: DEFAULT_BRIDGE_MODE,
  },
  type: {
    description: "The transport in the words of other tools.",
    ...fixed(PASTED_TYPES.keys()),
  },
  headers: {
    description:
      "Headers that are sent to a url with every request: the credentials for this server, never a token of the gateway.",
    examples: [{ Authorization: "$env:SEARCH_AUTHORIZATION" }],
  },
  ca: {
    description:
      "The file of the authorities whose certificates a server with an https url may have, in PEM; relative to this file.",
    examples: ["internal-ca.pem"],
  },
  authTokens: {
    description:
      "The names of the static tokens that may use this server; without it every token may, an empty one is nobody. Access tokens may not, where neither authScopes nor authGroups stands beside it.",
    examples: [["alice"]],
  },
  authScopes: {
    description:
      "The scopes that an access token needs to use this server, all of them; they say nothing of static tokens.",
    ...scopeList(),
  },
  authGroups: {
    description:
      "The groups of which a caller with an access token must be in one to use this server; they say nothing of static tokens.",
    minItems: 1,
    examples: [["dba", "sre"]],
  },
  toolFilter: {
    description: "The tools that stay or go, for every token.",
    examples: [{ mode: "allow", tools: ["get_*"] }],
  },
  timeouts: {
    description:
      "How long this server may take; by default as in proxy.limits.",
  },
  timeout: {
    description: "The same as timeouts.request, in milliseconds.",
    minimum: 1,
    maximum: MAX_DURATION_MS,
  },
  disabled: {
    description: "Leaves the server out; it is checked nevertheless.",
    default: false,
  },
};

function describeTimeouts(notes: Notes): void {
  describeKeys(notes, timeoutsSchema.shape, {
    open: {
      description:
        "From a session's first message to the answer to initialize.",
      ...duration(),
    },
    request: {
      description: "From a request to its answer, anew with each progress.",
      ...duration(),
    },
    requestMax: {
      description: "From a request to its answer, whatever progress there is.",
      ...duration(),
    },
  });
}
