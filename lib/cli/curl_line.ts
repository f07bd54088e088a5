// The request by which anybody sees that a server answers.

import { LATEST_LEGACY_REVISION } from "../protocol/versions.ts";
import { SHELL_HEADER } from "./connect/token_variable.ts";
import { shellWord } from "./shell_word.ts";

const INITIALIZE = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: LATEST_LEGACY_REVISION,
    capabilities: {},
    clientInfo: { name: "curl", version: "1" },
  },
});

/** A line for a shell that says `initialize` to an endpoint of Streamable HTTP, with the token of the variable. */
export function curlLine(endpoint: string): string {
  return `curl -sS ${shellWord(endpoint)} -H ${SHELL_HEADER} ` +
    "-H 'Content-Type: application/json' " +
    `-H 'Accept: application/json, text/event-stream' -d '${INITIALIZE}'`;
}
