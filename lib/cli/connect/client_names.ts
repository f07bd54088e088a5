// The clients that `mcp-front connect` knows, by the names that are typed.

/** In the order in which they are printed. */
export const CLIENT_NAMES = [
  "claude-code",
  "cursor",
  "vscode",
  "windsurf",
  "codex",
  "gemini",
  "claude-desktop",
  "inspector",
] as const;

/** One of them. */
export type ClientName = typeof CLIENT_NAMES[number];

/** Whether there is a client of this name. */
export function isClientName(name: string): name is ClientName {
  return (CLIENT_NAMES as readonly string[]).includes(name);
}
