// All of what a server lists, page by page as a client asks for it.

import type { Client } from "../../../deps.ts";
import type { Bounds } from "./guest.ts";

/** A server whose lists have no end is given up on after this many pages of one of them. */
export const MAX_PAGES = 500;

/** What can be listed: its member in the answer, the capability that announces it (2025-11-25 `basic/lifecycle` § Capability Negotiation), and the method. */
export const LISTS = {
  tools: ["tools", "tools/list"],
  prompts: ["prompts", "prompts/list"],
  resources: ["resources", "resources/list"],
  resourceTemplates: ["resources", "resources/templates/list"],
} as const;

/** One of them. */
export type ListName = keyof typeof LISTS;

/** How a list is asked for. */
export interface Asking extends Bounds {
  /** Told before each request. */
  readonly onAsk: (method: string) => void;
}

/** A list that goes on and on. */
export class EndlessList extends Error {
  override readonly name = "EndlessList";
}

/** The items; undefined where the server does not announce that it has any. Throws what the client throws, and an `EndlessList`. */
export async function listAll(
  client: Client,
  name: ListName,
  { onAsk, signal, limitMs }: Asking,
): Promise<readonly unknown[] | undefined> {
  const [capability, method] = LISTS[name];
  const capabilities = client.getServerCapabilities() ?? {};
  if (capabilities[capability] === undefined) return undefined;
  const items: unknown[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    onAsk(method);
    const params = cursor === undefined ? {} : { cursor };
    const result: Record<string, unknown> & { nextCursor?: string } =
      await client.request({ method, params }, { signal, timeout: limitMs });
    items.push(...result[name] as readonly unknown[]);
    cursor = result.nextCursor;
    if (cursor === undefined) return items;
  }
  throw new EndlessList();
}
