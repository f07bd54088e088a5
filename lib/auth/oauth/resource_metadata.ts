// What the gateway says of itself to clients of OAuth: its protected resource metadata (RFC 9728 § 2).

import { ROOT } from "../../backends/aggregate/aggregate.ts";
import { MEDIA } from "../../protocol/headers.ts";
import type { Route } from "../../routing/routes.ts";
import type { Door, Doors } from "./doors.ts";

/** What of the configuration stands in it. */
export interface Described {
  readonly issuer: string;
  /** How the gateway is shown to people. */
  readonly title: string;
  /** Whether there are paths at which static tokens alone are taken: clients there must not find a document for all. */
  readonly hasStaticPath: boolean;
  /** Whether there is a server of this name. */
  has(server: string): boolean;
}

/** How long it may be kept, in seconds. */
const MAX_AGE_S = 60;

/** The document about a resource; nothing where there is none. */
export function resourceMetadata(
  about: Route | "whole",
  doors: Doors,
  described: Described,
): Response | undefined {
  const door = doorOf(about, doors, described);
  if (!door) return undefined;
  const { issuer, title } = described;
  const document = {
    resource: door.resource,
    authorization_servers: [issuer],
    ...(door.supported.length === 0 ? {} : {
      scopes_supported: door.supported,
    }),
    bearer_methods_supported: ["header"],
    resource_name: door.place === ROOT ? title : `${title}: ${door.place}`,
  };
  return new Response(`${JSON.stringify(document)}\n`, {
    headers: {
      "content-type": MEDIA.json,
      "cache-control": `public, max-age=${MAX_AGE_S}`,
    },
  });
}

function doorOf(
  about: Route | "whole",
  doors: Doors,
  { hasStaticPath, has }: Described,
): Door | undefined {
  if (about === "whole") return hasStaticPath ? undefined : doors.whole;
  if (about.kind !== "server" && about.kind !== "root") return undefined;
  if (about.isStatic || about.leaf === "messages") return undefined;
  if (about.kind === "server" && !has(about.server)) return undefined;
  return doors.at(about);
}
