// Where to listen: reading `addr`.

import { isIPv4, isIPv6 } from "node:net";
import type { Address } from "./config.ts";

/** An address, or why the text is none. */
export type AddressReading =
  | { readonly kind: "address"; readonly address: Address }
  | { readonly kind: "flaw"; readonly message: string; readonly hint?: string };

const MAX_PORT = 65_535;
/** What an address looks like. */
export const ADDRESS = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/;
const HOST_NAME = /^(?!-)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.?$/;
const LIKE_IPV4 = /^[\d.]+$/;
/** Reads `host:port`, `[IPv6]:port` or `:port` (all interfaces). */
export function parseAddress(text: string): AddressReading {
  const parts = ADDRESS.exec(text);
  if (parts === null) return shapeFlaw(text);
  const [, ipv6, host, digits] = parts;
  const port = Number(digits);
  if (port > MAX_PORT) {
    return flaw(`found a port above ${MAX_PORT}, wanted 0 to ${MAX_PORT}`);
  }
  if (ipv6 !== undefined) {
    return isIPv6(ipv6)
      ? { kind: "address", address: { hostname: ipv6, port } }
      : flaw("found no IPv6 address in the brackets");
  }
  if (host === "") return { kind: "address", address: { port } };
  const isHost = LIKE_IPV4.test(host) ? isIPv4(host) : HOST_NAME.test(host);
  if (isHost) return { kind: "address", address: { hostname: host, port } };
  return flaw(
    "found no host name or IP address before the port, wanted one such as 127.0.0.1",
    host === "*" ? "leave the host out for all interfaces" : undefined,
  );
}

function shapeFlaw(text: string): AddressReading {
  const message = "found no address, wanted host:port, [IPv6]:port or :port";
  if (/^\d+$/.test(text)) {
    return flaw(message, 'put a colon before the port, such as ":8080"');
  }
  if (isIPv6(text)) {
    return flaw(
      message,
      'put an IPv6 address in brackets, such as "[::1]:8080"',
    );
  }
  if (/^https?:\/\//i.test(text)) {
    return flaw(
      message,
      'an address is no url; the public url goes into "baseUrl"',
    );
  }
  return flaw(message);
}

function flaw(message: string, hint?: string): AddressReading {
  return { kind: "flaw", message, hint };
}
