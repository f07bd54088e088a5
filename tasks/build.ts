// The executable of this machine: `dist/mcp-front`, on Windows `dist/mcp-front.exe`.

import process from "node:process";
import { compile } from "./compile.ts";

/** Nothing is fetched for this; it takes a second. */
const LIMIT_MS = 120_000;

const file = `dist/mcp-front${process.platform === "win32" ? ".exe" : ""}`;
await compile({ file, limitMs: LIMIT_MS });
