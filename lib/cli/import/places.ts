// Where each client keeps its servers, on each platform.

import { posix, win32 } from "node:path";
import type { Variables } from "../../config/child_environment.ts";
import type { ImportableName } from "./importable.ts";

/** What decides where files are. */
export interface Whereabouts {
  /** As `process.platform` has it. */
  readonly platform: string;
  /** The user's own folder, absolute. */
  readonly home: string;
  /** The current folder, absolute: that of the project. */
  readonly folder: string;
  readonly environment: Variables;
}

/** A file that may be there. */
export interface Place {
  /** Absolute. */
  readonly path: string;
  /** As people write it: from `~` or from the current folder. */
  readonly shown: string;
  /** `project` for one that belongs to the current folder. */
  readonly scope: "user" | "project";
}

/** The files of a client, the more general one first. */
export function placesOf(
  client: ImportableName,
  where: Whereabouts,
): readonly Place[] {
  const { join } = pathsOf(where.platform);
  const user = (...steps: string[]): Place => {
    const path = join(...steps);
    return { path, shown: shownPath(path, where), scope: "user" };
  };
  const project = (...steps: string[]): Place => ({
    path: join(where.folder, ...steps),
    shown: join(...steps),
    scope: "project",
  });
  const { home, environment } = where;
  const settings = settingsFolder(where);
  switch (client) {
    case "claude-desktop":
      return desktopFolders(where).map((folder) =>
        user(folder, "claude_desktop_config.json")
      );
    case "claude-code":
      return [
        user(environment.CLAUDE_CONFIG_DIR || home, ".claude.json"),
        project(".mcp.json"),
      ];
    case "cursor":
      return [
        user(home, ".cursor", "mcp.json"),
        project(".cursor", "mcp.json"),
      ];
    case "vscode":
      return [
        user(settings, "Code", "User", "mcp.json"),
        user(settings, "Code - Insiders", "User", "mcp.json"),
        project(".vscode", "mcp.json"),
      ];
    case "windsurf":
      return [user(home, ".codeium", "windsurf", "mcp_config.json")];
    case "codex":
      return [
        user(environment.CODEX_HOME || join(home, ".codex"), "config.toml"),
        project(".codex", "config.toml"),
      ];
    case "gemini":
      return [
        user(home, ".gemini", "settings.json"),
        project(".gemini", "settings.json"),
      ];
  }
}

/** A path as people write it: what is in the user's own folder begins with `~`. */
export function shownPath(
  path: string,
  { home, platform }: Pick<Whereabouts, "home" | "platform">,
): string {
  const { sep } = pathsOf(platform);
  return path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path;
}

/** Paths as the platform has them. */
export function pathsOf(platform: string): typeof posix {
  return platform === "win32" ? win32 : posix;
}

/** Where programs with windows keep what is a user's own. */
function settingsFolder({ platform, home, environment }: Whereabouts): string {
  const { join } = pathsOf(platform);
  if (platform === "win32") {
    return environment.APPDATA || join(home, "AppData", "Roaming");
  }
  return platform === "darwin"
    ? join(home, "Library", "Application Support")
    : environment.XDG_CONFIG_HOME || join(home, ".config");
}

/** On Windows the one that is installed as a package is shown another folder in place of `%APPDATA%`. */
function desktopFolders(where: Whereabouts): string[] {
  const { platform, home, environment } = where;
  const { join } = pathsOf(platform);
  const usual = join(settingsFolder(where), "Claude");
  if (platform !== "win32") return [usual];
  const local = environment.LOCALAPPDATA || join(home, "AppData", "Local");
  const container = ["Packages", "Claude_pzs8sxrjxfjjc", "LocalCache"];
  return [usual, join(local, ...container, "Roaming", "Claude")];
}
