// From the entry of a client to a draft of ours: the keys that all clients have, and those of some.

import { isMembers } from "./client_file.ts";
import type { Members } from "./client_file.ts";
import type { ServerDraft } from "./draft.ts";
import { LeftOut } from "./left_out.ts";
import { pathKeys } from "./path_keys.ts";
import type { Folders } from "./path_keys.ts";
import { readHeaders } from "./read_headers.ts";
import { readLimits } from "./read_limits.ts";
import { readText, readTexts } from "./read_texts.ts";
import { readTransport } from "./read_transport.ts";
import type { Syntax } from "./syntaxes.ts";

/** What an entry is read with. */
export interface EntryContext {
  readonly syntax: Syntax;
  readonly folders: Folders;
}

/** What an entry says, and what of it cannot be said in ours. */
export interface Reading {
  readonly draft: ServerDraft;
  readonly losses: readonly string[];
}

/** What a key asks of the client that the gateway does not do. */
const LOSSES: ReadonlyMap<string, string> = new Map([
  ["auth", 'the login that the client does: set "headers"'],
  ["authProviderType", 'the login that the client does: set "headers"'],
  ["envFile", 'what "envFile" holds: set it by "env" or "inheritEnv"'],
  ["experimental_environment", "that it runs elsewhere"],
  ["headersHelper", 'the program that makes its headers: set "headers"'],
  ["oauth", 'the login that the client does: set "headers"'],
  ["sandboxEnabled", "the sandbox that it runs in: it may do all that you may"],
]);

/** Reads an entry. Throws `LeftOut` where it is switched off or cannot be said in ours. */
export function readEntry(entry: unknown, context: EntryContext): Reading {
  if (!isMembers(entry)) throw new LeftOut("its entry is no object");
  const { disabled, enabled, isActive } = entry;
  if (disabled === true || enabled === false || isActive === false) {
    throw new LeftOut("it is disabled there");
  }
  const losses = [...LOSSES].flatMap(([key, what]) =>
    entry[key] === undefined || entry[key] === false ? [] : [what]
  );
  const limits = readLimits(entry);
  const target = isRemote(entry)
    ? readRemote(entry, context)
    : readChild(entry, context);
  return {
    draft: { ...target.draft, ...limits.draft },
    losses: [...new Set([...losses, ...target.losses, ...limits.losses])],
  };
}

function isRemote(entry: Members): boolean {
  const hasUrl = urlOf(entry) !== undefined;
  if (entry.command === undefined) {
    if (hasUrl) return true;
    throw new LeftOut("it has neither a command nor a url");
  }
  return hasUrl && entry.type !== undefined && entry.type !== "stdio";
}

function urlOf({ httpUrl, url, serverUrl }: Members): unknown {
  return httpUrl ?? url ?? serverUrl;
}

function readRemote(entry: Members, { syntax }: EntryContext): Reading {
  const transport = readTransport(entry);
  const { headers, losses } = readHeaders(entry, syntax);
  return {
    draft: {
      url: readText(urlOf(entry), "url", syntax),
      ...(transport !== undefined && { transport }),
      ...(Object.keys(headers).length > 0 && { headers }),
    },
    losses,
  };
}

function readChild(
  entry: Members,
  { syntax, folders }: EntryContext,
): Reading {
  const { args = [], env_vars: inherited = [] } = entry;
  if (!Array.isArray(args)) throw new LeftOut('"args" is no array');
  if (!Array.isArray(inherited)) throw new LeftOut('"env_vars" is no array');
  const env = readTexts(entry.env, "env", syntax);
  const names = inherited.map(variableName);
  const optional = (key: string) =>
    entry[key] === undefined || entry[key] === null
      ? undefined
      : readText(entry[key], key, syntax);
  const paths = pathKeys(
    {
      command: readText(entry.command, "command", syntax),
      cwd: optional("cwd"),
    },
    folders,
  );
  return {
    draft: {
      command: paths.command,
      ...(args.length > 0 && {
        args: args.map((text, index) =>
          readText(text, `args[${index}]`, syntax)
        ),
      }),
      ...(Object.keys(env).length > 0 && { env }),
      ...(names.length > 0 && { inheritEnv: names }),
      ...(paths.cwd !== undefined && { cwd: paths.cwd }),
    },
    losses: [],
  };
}

/** Codex names a variable by a text, or by an object that says where it comes from. */
function variableName(entry: unknown): string {
  const { name, source = "local" } = isMembers(entry) ? entry : { name: entry };
  if (typeof name !== "string") throw new LeftOut('"env_vars" has no name');
  if (source === "local") return name;
  throw new LeftOut(`"env_vars" takes ${JSON.stringify(name)} from elsewhere`);
}
