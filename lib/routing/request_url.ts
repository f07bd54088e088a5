// The url of a request, where it has one that can be used.

import { GatewayError } from "../errors.ts";

/** Without a Host header (HTTP/1.0) or with a bad one the runtimes make no absolute url of it: throws `unusable_host`. */
export function requestUrl({ url }: Request): URL {
  const parsed = /^https?:\/\//.test(url) ? URL.parse(url) : null;
  if (parsed) return parsed;
  throw new GatewayError("unusable_host", "The Host header is not usable", {
    hint: "Send the host and port by which the gateway is reached",
  });
}
