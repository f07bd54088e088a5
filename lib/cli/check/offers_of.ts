// Counts what a server offers, by asking for all of it as a client does.

import type { Client } from "../../../deps.ts";
import { listAll, LISTS } from "./list_all.ts";
import type { Asking, ListName } from "./list_all.ts";
import type { Offers } from "./server_report.ts";

/** How many tools, prompts and so on there are. Throws what `listAll` throws. */
export async function offersOf(
  client: Client,
  asking: Asking,
): Promise<Offers> {
  const offers: { -readonly [Name in keyof Offers]: number } = {};
  for (const name of Object.keys(LISTS) as ListName[]) {
    const items = await listAll(client, name, asking);
    if (items !== undefined) offers[name] = items.length;
  }
  return offers;
}
