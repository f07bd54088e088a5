// The version of mcp-front, from the one place where it stands.

import manifest from "../deno.json" with { type: "json" };

/** As in deno.json. */
export const VERSION: string = manifest.version;
