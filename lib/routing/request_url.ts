// The url of a request, where it has one that can be used.

import { GatewayError } from "../errors.ts";

/** Without a Host header (HTTP/1.0) or with a bad one the runtimes make no absolute url of it: throws `unusable_host`. */
export function requestUrl({ url }: Request): URL {
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return new URL(url);
  throw new GatewayError("unusable_host", "The Host header is not usable", {
    hint: "Send the host and port by which the gateway is reached",
  });
}
