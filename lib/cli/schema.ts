// `mcp-front schema`: the JSON Schema of the configuration.

import { configSchema } from "../config/json_schema/config_schema.ts";
import { EXIT_CODES } from "./command_error.ts";
import type { ExitCode } from "./command_error.ts";
import { print } from "./print.ts";

/** Prints it to stdout, as it stands in `docs/config.schema.json`. */
export async function schema(): Promise<ExitCode> {
  await print("stdout", `${JSON.stringify(configSchema(), null, 2)}\n`);
  return EXIT_CODES.done;
}
