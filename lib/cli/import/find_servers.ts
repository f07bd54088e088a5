// Looks through the files of clients, and reads the servers in them.

import { existsSync } from "node:fs";
import { readClientFile } from "./client_file.ts";
import { DIALECTS } from "./dialects.ts";
import type { Dialect, ReadFile } from "./dialects.ts";
import type { FoundServer, Omission } from "./draft.ts";
import type { ImportableName } from "./importable.ts";
import { LeftOut } from "./left_out.ts";
import type { Listed } from "./listed.ts";
import { placesOf, shownPath } from "./places.ts";
import type { Whereabouts } from "./places.ts";
import { readEntry } from "./read_entry.ts";
import { refuseSelf } from "./refuse_self.ts";

/** What the search came to. */
export interface Search {
  readonly found: readonly FoundServer[];
  readonly omitted: readonly Omission[];
  /** The files that were looked for, whether or not they are there. */
  readonly looked: readonly string[];
}

/** Reads the files of these clients. `configFolder` is that of the configuration to be written. Never throws for what is in a file. */
export async function findServers(
  clients: readonly ImportableName[],
  where: Whereabouts,
  configFolder: string,
): Promise<Search> {
  const found: FoundServer[] = [];
  const omitted: Omission[] = [];
  const looked = new Map<string, string>();
  for (const client of clients) {
    const dialect = DIALECTS[client];
    for (const place of placesOf(client, where)) {
      // In the user's own folder the file of the project is that of the user.
      if (looked.has(place.path)) continue;
      looked.set(place.path, place.shown);
      const file = await readClientFile(place.path, dialect.format);
      const origin = `${dialect.title}, ${place.shown}`;
      if (file.kind === "fault") {
        omitted.push({ origin, reason: file.problem });
      } else if (file.kind === "settings") {
        const read = { root: file.root, place, where };
        for (const one of serversIn(read, dialect, origin, configFolder)) {
          if ("reason" in one) omitted.push(one);
          else found.push(one);
        }
      }
    }
  }
  return { found, omitted, looked: [...looked.values()] };
}

function serversIn(
  file: ReadFile,
  dialect: Dialect,
  origin: string,
  configFolder: string,
): (FoundServer | Omission)[] {
  const { place, where } = file;
  const syntax = dialect.syntax(file);
  return dialect.servers(file).map((listed) => {
    const { project } = listed;
    const start = project ??
      (place.scope === "project" ? where.folder : undefined);
    const shown = project && `${origin} (${shownPath(project, where)})`;
    const folders = { ...where, start, config: configFolder };
    return serverOf(listed, shown ?? origin, { syntax, folders });
  });
}

function serverOf(
  { name, entry, project, switchedOff }: Listed,
  origin: string,
  context: Parameters<typeof readEntry>[1],
): FoundServer | Omission {
  try {
    if (switchedOff !== undefined) throw new LeftOut(switchedOff);
    if (project !== undefined && !existsSync(project)) {
      throw new LeftOut("the folder of its project is gone");
    }
    const reading = readEntry(entry, context);
    refuseSelf(name, reading.draft);
    return { name, origin, ...reading };
  } catch (error) {
    if (!(error instanceof LeftOut)) throw error;
    return { name, origin, reason: error.message };
  }
}
