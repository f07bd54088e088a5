// Counts what a server offers, by asking for all of it as a client does.

import type { Client } from "../../../deps.ts";
import type { Bounds } from "./guest.ts";
import type { Offers } from "./server_report.ts";

/** A server whose lists have no end is given up on after this many pages of one of them. */
export const MAX_PAGES = 500;

/** What a client may ask for, by the capability that announces it (2025-11-25 `basic/lifecycle` § Capability Negotiation). */
const LISTS = {
  tools: ["tools", "tools/list"],
  prompts: ["prompts", "prompts/list"],
  resources: ["resources", "resources/list"],
  resourceTemplates: ["resources", "resources/templates/list"],
} as const;

/** How a list is asked for. */
export interface Asking extends Bounds {
  /** Told before each request. */
  readonly onAsk: (method: string) => void;
}

/** How many tools, prompts and so on there are. Throws what the client throws, and an `EndlessList`. */
export async function offersOf(client: Client, asking: Asking) {
  const capabilities = client.getServerCapabilities() ?? {};
  const offers: { -readonly [Name in keyof Offers]: number } = {};
  for (const [name, [capability, method]] of Object.entries(LISTS)) {
    if (capabilities[capability] === undefined) continue;
    offers[name as keyof Offers] = await count(
      client,
      method,
      name,
      asking,
    );
  }
  return offers as Offers;
}

/** A list that goes on and on. */
export class EndlessList extends Error {
  override readonly name = "EndlessList";
}

async function count(
  client: Client,
  method: typeof LISTS[keyof typeof LISTS][1],
  member: string,
  { onAsk, signal, limitMs }: Asking,
): Promise<number> {
  let items = 0;
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    onAsk(method);
    const params = cursor === undefined ? {} : { cursor };
    const result: Record<string, unknown> & { nextCursor?: string } =
      await client.request({ method, params }, { signal, timeout: limitMs });
    items += (result[member] as readonly unknown[]).length;
    cursor = result.nextCursor;
    if (cursor === undefined) return items;
  }
  throw new EndlessList();
}
