// What a tool answers: data for programs with the same as a text, or what went wrong.

import type { CallToolResult } from "../../deps.ts";

/** What holds for every tool here. */
export const ANNOTATIONS = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;

/** The same answer twice: as the tool's output schema has it, and to be read. */
export function success(
  structuredContent: Record<string, unknown>,
  text: string,
): CallToolResult {
  return { structuredContent, content: [{ type: "text", text }] };
}

/** An error that the model sees and can do something about. */
export function failure(text: string): CallToolResult {
  return { isError: true, content: [{ type: "text", text }] };
}
