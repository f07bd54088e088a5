// Which transport a client speaks to a url.

import { PASTED_TYPES } from "../../config/transport.ts";
import type { Members } from "./client_file.ts";
import type { ServerDraft } from "./draft.ts";
import { LeftOut } from "./left_out.ts";

/** The transport; undefined where the client finds it out. Throws `LeftOut` for one that the gateway does not speak. */
export function readTransport(
  { type, httpUrl }: Members,
): ServerDraft["transport"] {
  if (httpUrl !== undefined) return "streamable-http";
  if (type === undefined) return undefined;
  const known = typeof type === "string" ? PASTED_TYPES.get(type) : undefined;
  if (known === "sse" || known === "streamable-http") return known;
  throw new LeftOut(
    `its type ${JSON.stringify(type)} is no transport of the gateway`,
  );
}
