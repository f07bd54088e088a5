// Which authorities a request by `fetch` trusts, where those that the runtime knows are not the right ones.

import { thisRuntime } from "./this_runtime.ts";

/** What is added to the options of `fetch`: `tls` on Bun (bun.com/docs/api/fetch), `client` on Deno. */
export interface Trust {
  readonly tls?: { readonly ca: string };
  readonly client?: Deno.HttpClient;
}

/** Each has connections of its own, which it keeps: one for all who trust the same, and no more than configurations name. */
const clients = new Map<string, Deno.HttpClient>();

/**
 * Trust in the authorities whose certificates these are, as texts in PEM: on Bun in no others, on Deno in those that it
 * knows besides. Absent: in those that the runtime knows.
 */
export function trustIn(ca: string | undefined): Trust {
  if (ca === undefined) return {};
  return thisRuntime() === "deno" ? { client: clientFor(ca) } : { tls: { ca } };
}

function clientFor(ca: string): Deno.HttpClient {
  const known = clients.get(ca);
  if (known) return known;
  const client = Deno.createHttpClient({ caCerts: [ca] });
  clients.set(ca, client);
  return client;
}
