// From the files of clients to the servers of a new configuration.

import { readConfig } from "../../../mod.ts";
import { formatPath } from "../../config/path.ts";
import { hashText } from "../../config/token_hash.ts";
import { makeToken } from "../make_token.ts";
import { textsOf } from "./draft.ts";
import type { Omission } from "./draft.ts";
import { findServers } from "./find_servers.ts";
import type { ImportableName } from "./importable.ts";
import { merge } from "./merge.ts";
import type { TakenServer } from "./merge.ts";
import { plainSecrets } from "./plain_secrets.ts";
import type { Whereabouts } from "./places.ts";
import { Variables } from "./variables.ts";
import type { NeededVariable } from "./variables.ts";
import { writtenServer, writtenServers } from "./written.ts";
import type { WrittenServer } from "./written.ts";

/** What is taken over, and from where. */
export interface TakeOver {
  readonly clients: readonly ImportableName[];
  readonly where: Whereabouts;
  /** The folder of the configuration to be written, absolute. */
  readonly configFolder: string;
  /** The token that opens the servers. */
  readonly token: string;
}

/** What came of it. */
export interface TakenOver {
  readonly servers: readonly TakenServer[];
  readonly omitted: readonly Omission[];
  /** The files that were looked for. */
  readonly looked: readonly string[];
  /** The variables that the servers name. */
  readonly variables: readonly NeededVariable[];
  /** Where secrets stand as they are, as paths in the configuration. */
  readonly secrets: readonly string[];
  /** The members of `mcpServers`. */
  readonly text: string;
}

/** Reads the files of clients, and writes what of it our configuration takes. */
export async function takeOver(
  { clients, where, configFolder, token }: TakeOver,
): Promise<TakenOver> {
  const search = await findServers(clients, where, configFolder);
  const omitted = [...search.omitted];
  const servers = merge(search.found).filter((server) => {
    const reason = flawOf(server, configFolder, where.platform);
    if (reason === undefined) return true;
    const { theirs: name, origins } = server;
    omitted.push(...origins.map((origin) => ({ name, origin, reason })));
    return false;
  });
  const variables = variablesFor(servers);
  const written = servers.map((taken) => ({
    taken,
    written: {
      ...writtenServer(taken.name, taken.draft, variables),
      // Its credentials may be personal: another token is let in where somebody says so.
      authTokens: [token],
    },
  }));
  return {
    servers,
    omitted,
    looked: search.looked,
    variables: variables.needed,
    secrets: servers.flatMap(({ name, draft }) => plainSecrets(name, draft)),
    text: writtenServers(written),
  };
}

function variablesFor(servers: readonly TakenServer[]): Variables {
  return new Variables(
    servers.flatMap(({ draft }) => textsOf(draft).map(([, text]) => text)),
  );
}

/** What is wrong with a server by the rules of our configuration. */
function flawOf(
  server: TakenServer,
  directory: string,
  platform: string,
): string | undefined {
  const { name, draft } = server;
  const written = writtenServer(name, draft, variablesFor([server]));
  const { problems } = readConfig(fileWith(name, written), {
    file: "",
    directory,
    environment: "unknown",
    platform,
  });
  const error = problems.find(({ severity }) => severity === "error");
  if (error === undefined) return undefined;
  const place = error.path.slice(formatPath(["mcpServers", name]).length)
    .replace(/^\./, "");
  return place === "" ? error.message : `${place}: ${error.message}`;
}

function fileWith(name: string, written: WrittenServer): string {
  const tokens = { any: hashText(makeToken()) };
  return JSON.stringify({
    proxy: { auth: { kind: "bearer_token", tokens } },
    mcpServers: { [name]: written },
  });
}
