// The environment variable from which a client takes its token.

import { escapeInvisible } from "../../telemetry/loggable.ts";

/** Its name. */
export const TOKEN_VARIABLE = "MCP_TOKEN";

/** What a client sends, as one word of a shell command line that reads the variable. */
export const SHELL_HEADER = `"Authorization: Bearer $${TOKEN_VARIABLE}"`;

/** The line that sets it, with the value left out. */
export function exportLine(token: string, file: string): string {
  const line = `export ${TOKEN_VARIABLE}=…  ` +
    `# the value of token "${token}" in ${file}`;
  return escapeInvisible(line);
}
