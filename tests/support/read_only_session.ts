// A session of a token that may use the tools that only read, and the gateway's questions to its server.

import assert from "node:assert/strict";
import type { ListingBounds } from "../../lib/backends/own_listing.ts";
import type { Limits } from "../../lib/limits.ts";
import type { Message } from "../../lib/protocol/messages.ts";
import { openFiltered } from "./filtered_client.ts";
import type { PlayedServer } from "./filtered_client.ts";
import { restrictedContext } from "./restricted_context.ts";

/** How long the gateway waits for a list where a test does not say it. */
export const LISTED_MS = 20_000;

/** Opens the filtered backend "files". */
export function openReadOnly(
  bounds: ListingBounds = { pages: 100, ms: LISTED_MS },
  limits: Partial<Limits> = {},
) {
  return openFiltered(restrictedContext({ tools: "readOnly" }, limits), bounds);
}

/** A call of a tool. */
export function call(
  id: number | string,
  name: string,
): Omit<Message, "jsonrpc"> {
  return { id, method: "tools/call", params: { name } };
}

/** A tool that says it only reads. */
export function reads(name: string) {
  return { name, annotations: { readOnlyHint: true } };
}

/** Hears the gateway ask for a page of tools, and answers it. */
export async function page(
  server: PlayedServer,
  tools: unknown,
  nextCursor?: string,
): Promise<Message> {
  const asked = await server.hears();
  assert.equal(asked.method, "tools/list");
  assert.match(String(asked.id), /^mcp-front-[0-9a-f-]{36}-\d+$/);
  server.say({ id: asked.id, result: { tools, nextCursor } });
  return asked;
}
