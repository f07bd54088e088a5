// The servers behind the gateway of a soak, and who may use them.

/** A token of the gateway. */
export interface SoakToken {
  readonly name: string;
  readonly value: string;
}

/** The processes that serve over HTTP. */
export const REMOTES = ["web", "late"] as const;

/** The name of such a process. */
export type RemoteName = typeof REMOTES[number];

/** One entry of `mcpServers`. */
export interface SoakServer {
  /** Its name in the configuration. */
  readonly name: string;
  readonly transport: "stdio" | "sse" | "streamable-http";
  /** What it calls itself in its answers. */
  readonly says: string;
  /** The process it runs in, which others share; absent: each session has its own. */
  readonly remote?: RemoteName;
  /** How it is written in the configuration. */
  readonly written: "command" | "shell" | "url" | "url to find out";
  /** Absent: it knows sessions only. */
  readonly era?: "modern";
  /** Only the first token may use it. */
  readonly reserved?: true;
}

/** All of them. `late` is down when the gateway starts. */
export const SERVERS: readonly SoakServer[] = [
  local("local", "command"),
  local("shell", "shell"),
  { ...local("reserved", "command"), reserved: true },
  { ...local("modern", "command"), era: "modern" },
  { ...remote("web-modern", "web", "streamable-http", "url"), era: "modern" },
  remote("web-http", "web", "streamable-http", "url"),
  remote("web-sse", "web", "sse", "url"),
  remote("late-http", "late", "streamable-http", "url to find out"),
  remote("late-sse", "late", "sse", "url to find out"),
];

function local(name: string, written: SoakServer["written"]): SoakServer {
  return { name, transport: "stdio", says: name, written };
}

function remote(
  name: string,
  process: RemoteName,
  transport: SoakServer["transport"],
  written: SoakServer["written"],
): SoakServer {
  return { name, transport, says: process, remote: process, written };
}

/** Whether all clients of one token share a child, whatever they speak. */
export function isOneChild({ era, remote }: SoakServer): boolean {
  return era === "modern" && remote === undefined;
}
