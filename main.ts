// The process: arguments in, exit code out.

import process from "node:process";
import { run } from "./lib/cli/run.ts";

process.exit(
  await run({
    arguments: process.argv.slice(2),
    environment: process.env,
  }),
);
