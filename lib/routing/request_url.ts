// The url of a request, where it has one that can be used.

import { GatewayError } from "../errors.ts";
import type { Forwarded } from "./trusted_proxies.ts";

/** Without a Host header (HTTP/1.0) or with a bad one the runtimes make no absolute url of it: throws `unusable_host`. */
export function requestUrl({ url }: Request): URL {
  const parsed = /^https?:\/\//.test(url) ? URL.parse(url) : null;
  if (parsed) return parsed;
  throw new GatewayError("unusable_host", "The Host header is not usable", {
    hint: "Send the host and port by which the gateway is reached",
  });
}

/** The url by which the client asked a proxy, as far as the proxy says it. */
export function publicUrl(url: URL, { host, protocol }: Forwarded): URL {
  const asked = new URL(url);
  if (protocol !== undefined) asked.protocol = protocol;
  if (host === undefined) return asked;
  asked.port = ""; // A host without a port would leave that of the gateway.
  asked.host = host;
  return asked;
}
