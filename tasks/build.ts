// The executable of this machine: `dist/mcp-front`.

import { compile } from "./compile.ts";

/** Nothing is fetched for this; it takes a second. */
const LIMIT_MS = 120_000;

await compile({ file: "dist/mcp-front", limitMs: LIMIT_MS });
