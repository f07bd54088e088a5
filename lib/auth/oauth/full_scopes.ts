// Scopes that the configuration names in full, as Entra has to be asked for them, and as its tokens do not.

import type { ServerAccess } from "../server_access.ts";
import type { CallerRules } from "./options.ts";

/** What tokens call scopes, with what the configuration calls them. */
export type FullScopes = ReadonlyMap<string, readonly string[]>;

/**
 * `NAME` of each `RESOURCE/NAME` whose resource is one of ours: an audience, or an address of the gateway. Entra is asked for
 * the whole (https://learn.microsoft.com/entra/identity-platform/scopes-oidc), and has the name alone in `scp`.
 */
export function fullScopes(
  { scopes, audiences, baseUrl }: CallerRules,
  servers: ReadonlyMap<string, ServerAccess>,
): FullScopes {
  const isOurs = (resource: string) =>
    audiences.includes(resource) || resource === baseUrl ||
    baseUrl !== undefined && resource.startsWith(`${baseUrl}/`);
  const configured = new Set([
    ...scopes?.keys() ?? [],
    ...[...servers.values()].flatMap(({ authScopes = [] }) => authScopes),
  ]);
  const found = new Map<string, string[]>();
  for (const scope of configured) {
    const at = scope.lastIndexOf("/");
    const name = scope.slice(at + 1);
    if (at < 1 || name === "" || !isOurs(scope.slice(0, at))) continue;
    const others = found.get(name) ?? (configured.has(name) ? [name] : []);
    found.set(name, [...others, scope]);
  }
  return found;
}
