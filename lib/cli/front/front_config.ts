// The configuration for one command: made in memory, read and checked as one in a file.

import { platform } from "node:os";
import { resolve } from "node:path";
import { readConfig } from "../../../mod.ts";
import type { Config, ServerConfig } from "../../../mod.ts";
import type { Variables } from "../../config/child_environment.ts";
import { literalText, VARIABLE_NAME } from "../../config/references.ts";
import { hashText } from "../../config/token_hash.ts";
import { CommandError, EXIT_CODES } from "../command_error.ts";
import type { FrontOptions } from "../front_arguments.ts";

/** The name of the only token. */
export const FRONT_TOKEN = "terminal";

/** A first start may download the server. */
const OPEN_LIMIT = "2m";

/** The configuration, and its only server. */
export interface FrontConfig {
  readonly config: Config;
  readonly server: ServerConfig;
}

/**
 * One server, started in the current folder with the whole environment, as if the command had been typed alone, and
 * one token, of which no more than the hash is kept. Throws a `CommandError` for what no configuration may have.
 */
export function frontConfig(
  name: string,
  { command, args, port }: FrontOptions,
  token: string,
  environment: Variables,
): FrontConfig {
  const file = {
    proxy: {
      name,
      addr: `127.0.0.1:${port}`,
      auth: {
        kind: "bearer_token",
        tokens: { [FRONT_TOKEN]: hashText(token) },
      },
    },
    mcpServers: {
      [name]: {
        command: literalText(command),
        args: args.map(literalText),
        inheritEnv: Object.keys(environment).filter((one) =>
          VARIABLE_NAME.test(one)
        ),
        timeouts: { open: OPEN_LIMIT },
      },
    },
  };
  const { config, problems } = readConfig(JSON.stringify(file), {
    file: "the command line",
    directory: resolve("."),
    environment,
    platform: platform(),
  });
  const [server] = config?.servers ?? [];
  if (config !== undefined && server !== undefined) return { config, server };
  const [{ message, hint } = { message: "no server", hint: undefined }] =
    problems.filter(({ severity }) => severity === "error");
  throw new CommandError(
    `the command cannot be used: ${message}`,
    hint ?? "write it as you would without mcp-front --",
    EXIT_CODES.usage,
  );
}
