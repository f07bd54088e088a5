// Connects an official SDK client of either generation.

import { Counterpart } from "./counterpart.ts";
import type { Negotiation, OfficialClient, Target } from "./official_client.ts";
import { connectV1 } from "./official_client_v1.ts";
import { connectV2 } from "./official_client_v2.ts";

/** The generations of the SDK: `@modelcontextprotocol/sdk` and `@modelcontextprotocol/client`. */
export const SDKS = ["v1", "v2"] as const;
export type Sdk = (typeof SDKS)[number];

/** How a client connects, when it matters. */
export interface OfficialOptions {
  readonly negotiation?: Negotiation;
  readonly roots?: Counterpart["roots"];
}

/** Connects a client of one generation. */
export function connectOfficial(
  sdk: Sdk,
  target: Target,
  { negotiation = "legacy", roots }: OfficialOptions = {},
): Promise<OfficialClient> {
  const counterpart = new Counterpart();
  if (roots) counterpart.roots = roots;
  return sdk === "v1"
    ? connectV1(target, counterpart)
    : connectV2(target, counterpart, negotiation);
}
