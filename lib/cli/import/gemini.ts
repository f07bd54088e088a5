// The servers in a file of the Gemini CLI, and which of them it uses.

import { isMembers } from "./client_file.ts";
import type { Members } from "./client_file.ts";
import type { Listed } from "./listed.ts";

/** `mcpServers`; the lists `allowed` and `excluded` of `mcp` switch servers off by name. */
export function geminiServers(root: Members): Listed[] {
  if (!isMembers(root.mcpServers)) return [];
  const { allowed, excluded } = isMembers(root.mcp) ? root.mcp : {};
  const isOff = (name: string) =>
    (Array.isArray(excluded) && excluded.includes(name)) ||
    (Array.isArray(allowed) && allowed.length > 0 && !allowed.includes(name));
  return Object.entries(root.mcpServers).map(([name, entry]) =>
    isOff(name)
      ? { name, entry, switchedOff: "it is disabled there" }
      : { name, entry }
  );
}
