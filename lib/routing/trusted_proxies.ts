// Proxies that are believed when they say for whom they ask; of anybody else it would be a way to seem somebody else.

import { BlockList, isIP } from "node:net";
import { plainAddress } from "../runtime/listener.ts";
import type { AddressRange } from "./address_range.ts";

/** A request as it came to the first of the proxies. */
export interface Forwarded {
  /** The client, as the nearest proxy that is trusted saw it. */
  readonly address: string;
  /** The host that it asked for, with a port where it named one. */
  readonly host?: string;
  readonly protocol?: "http" | "https";
}

/** Those that the operator trusts. */
export class TrustedProxies {
  readonly #ranges = new BlockList();
  readonly #isEmpty: boolean;

  constructor(ranges: readonly AddressRange[]) {
    this.#isEmpty = ranges.length === 0;
    for (const { address, bits } of ranges) {
      this.#ranges.addSubnet(address, bits, familyOf(address));
    }
  }

  /**
   * What the peer says of a request, where it is trusted. `X-Forwarded-For` is read from its end: each trusted proxy
   * has put there whom it saw, and what stands before the first other address may be anybody's invention. Of the other
   * fields the last value counts, which the peer itself has put there.
   */
  forwarded(peer: string, headers: Headers): Forwarded | undefined {
    if (this.#isEmpty || !this.#trusts(peer)) return undefined;
    return {
      address: this.#client(peer, headers.get("x-forwarded-for") ?? ""),
      host: hostIn(lastOf(headers.get("x-forwarded-host"))),
      protocol: protocolIn(lastOf(headers.get("x-forwarded-proto"))),
    };
  }

  #trusts(address: string): boolean {
    const family = isIP(address);
    return family !== 0 &&
      this.#ranges.check(address, family === 4 ? "ipv4" : "ipv6");
  }

  /** Stops at what is no address, such as `unknown`: who said it is then the last that is known. */
  #client(peer: string, chain: string): string {
    let client = peer;
    for (const entry of chain.split(",").reverse()) {
      const address = addressIn(entry.trim());
      if (address === undefined) return client;
      client = address;
      if (!this.#trusts(client)) return client;
    }
    return client;
  }
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 4 ? "ipv4" : "ipv6";
}

/** The address in an entry, which some proxies write with a port, or in brackets. */
function addressIn(entry: string): string | undefined {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1];
  const withPort = /^([\d.]+):\d+$/.exec(entry)?.[1];
  const address = plainAddress(bracketed ?? withPort ?? entry);
  return isIP(address) === 0 ? undefined : address.toLowerCase();
}

function lastOf(values: string | null): string | undefined {
  return values?.split(",").at(-1)?.trim();
}

function hostIn(value: string | undefined): string | undefined {
  if (value === undefined || !/^[^\s/?#@\\]+$/.test(value)) return undefined;
  return URL.canParse(`http://${value}/`) ? value : undefined;
}

function protocolIn(value: string | undefined): Forwarded["protocol"] {
  const protocol = value?.toLowerCase();
  return protocol === "http" || protocol === "https" ? protocol : undefined;
}
