// The supply chain on one screen: every third-party symbol in use, and why. Versions stand in deno.json.

import crossSpawn from "cross-spawn";
import type { spawn as nodeSpawn } from "node:child_process";

/** Starts `npx`, `uvx` and the like on Windows too, where they are `.cmd` files that `node:child_process` does not find or quote. */
export const spawn: typeof nodeSpawn = crossSpawn;

/** JSON with comments, event by event: every value with its line and column, and no object that a `__proto__` key could reach. */
export { printParseErrorCode, visit } from "jsonc-parser";

/** The shape of the config file. The mini edition starts in a quarter of the time of the full one. */
export * as z from "zod/mini";

/** "Did you mean": how many edits two names are apart. */
export { distance } from "fastest-levenshtein";
