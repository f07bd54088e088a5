// The program and the folder of a server, as they are meant where its entry stands.

import type { ServerDraft } from "./draft.ts";
import { pathsOf } from "./places.ts";
import { literalOf } from "./template.ts";
import type { Template } from "./template.ts";

/** From where paths are meant. */
export interface Folders {
  /** As `process.platform` has it. */
  readonly platform: string;
  /** The user's own, absolute. */
  readonly home: string;
  /** That in which the client starts the server, absolute; absent where it is any. */
  readonly start?: string;
  /** That of our configuration, absolute: relative paths in it begin there. */
  readonly config: string;
}

/** The two keys that hold paths. Those of a server that is started in another folder than ours become absolute. */
export function pathKeys(
  { command, cwd }: { readonly command: Template; readonly cwd?: Template },
  folders: Folders,
): Pick<ServerDraft, "command" | "cwd"> {
  const folder = cwd && moved(cwd, folders);
  const start = folders.start === folders.config ? undefined : folders.start;
  return {
    command: isPath(command) ? moved(command, folders) : command,
    cwd: folder ?? (start === undefined ? undefined : [start]),
  };
}

/** A name without a slash is looked for on the PATH. */
function isPath(command: Template): boolean {
  return /[/\\]/.test(literalOf(command) ?? "");
}

function moved(
  path: Template,
  { platform, home, start, config }: Folders,
): Template {
  const literal = literalOf(path);
  if (literal === undefined) return path;
  const { resolve, isAbsolute, join } = pathsOf(platform);
  if (/^~(?:[/\\]|$)/.test(literal)) return [join(home, literal.slice(1))];
  if (isAbsolute(literal) || start === undefined || start === config) {
    return path;
  }
  return [resolve(start, literal)];
}
