// The refusal of a path that leads nowhere.

import { GatewayError } from "../errors.ts";
import type { Route } from "./routes.ts";

/** The server was taken out of the configuration. */
export function removedServer(server: string): GatewayError {
  return new GatewayError(
    "unknown_server",
    `Server "${server}" has been removed from the configuration`,
    { hint: "Ask the operator where it is now" },
  );
}

/** Says what there is instead: `usable` are the servers that the token may use. */
export function unknownPlace(
  route: Route,
  token: string,
  usable: readonly string[],
): GatewayError {
  const names = usable.length > 0 ? usable.join(", ") : "none";
  const asked = route.kind === "server"
    ? `There is no server of this name`
    : "There is nothing at this path";
  return new GatewayError("unknown_server", asked, {
    hint: `The token "${token}" may use: ${names}; ` +
      "each has the paths /{server}/mcp and /{server}/sse; " +
      "/mcp and /sse lead to all of them",
  });
}
