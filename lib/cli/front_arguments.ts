// `mcp-front -- COMMAND`: what stands behind two dashes is the command of a server.

import { wrong } from "./argument_errors.ts";

/** One command to put the gateway before. */
export interface FrontOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** The port to listen on; 0 for any that is free. */
  readonly port: number;
}

const MAX_PORT = 65_535;

/** Reads the command and the port. Throws a `CommandError`. */
export function frontArguments(
  [command, ...args]: readonly string[],
  { port = "0" }: { readonly port?: unknown },
): FrontOptions {
  if (!command) {
    throw wrong(
      "no command stands behind the two dashes",
      "write the one that starts your server, such as " +
        "mcp-front -- npx -y @modelcontextprotocol/server-everything",
    );
  }
  const number = /^\d{1,5}$/.test(String(port)) ? Number(port) : Infinity;
  if (number > MAX_PORT) {
    throw wrong(
      `-port wants a number from 0 to ${MAX_PORT}`,
      "leave it out, and a free port is taken",
    );
  }
  return { command, args, port: number };
}
