// The servers in a file of Claude Code: those for all projects, and in ~/.claude.json those of each project.

import { isMembers } from "./client_file.ts";
import type { Members } from "./client_file.ts";
import type { Listed } from "./listed.ts";
import type { Whereabouts } from "./places.ts";

/** Both files have `mcpServers`; `projects` has one more for each folder (scope "local"). The current folder comes first. */
export function claudeCodeServers(
  root: Members,
  { folder }: Pick<Whereabouts, "folder">,
): Listed[] {
  const projects = isMembers(root.projects)
    ? Object.entries(root.projects)
    : [];
  const here = projects.filter(([project]) => project === folder);
  const others = projects.filter(([project]) => project !== folder);
  return [
    ...membersOf(root.mcpServers),
    ...[...here, ...others].flatMap(([project, settings]) =>
      projectServers(project, settings)
    ),
  ];
}

function projectServers(project: string, settings: unknown): Listed[] {
  if (!isMembers(settings)) return [];
  const off = settings.disabledMcpServers;
  return membersOf(settings.mcpServers).map((listed) =>
    Array.isArray(off) && off.includes(listed.name)
      ? { ...listed, project, switchedOff: "it is disabled there" }
      : { ...listed, project }
  );
}

function membersOf(servers: unknown): Listed[] {
  if (!isMembers(servers)) return [];
  return Object.entries(servers).map(([name, entry]) => ({ name, entry }));
}
