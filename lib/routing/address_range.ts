// Addresses and ranges of addresses, as they are written in a configuration.

import { isIPv4, isIPv6 } from "node:net";

/** All addresses that begin with the same bits. */
export interface AddressRange {
  /** One of them, IPv4 or IPv6. */
  readonly address: string;
  /** How many bits are the same; all of them for a single address. */
  readonly bits: number;
}

/** The word for the addresses of this machine. */
export const LOOPBACK = "loopback";

const LOOPBACK_RANGES: readonly AddressRange[] = [
  { address: "127.0.0.0", bits: 8 },
  { address: "::1", bits: 128 },
];

/** Reads an address, a range such as `10.0.0.0/8` (RFC 4632 § 3.1), or `loopback`; undefined for what is neither. */
export function rangesIn(text: string): readonly AddressRange[] | undefined {
  if (text === LOOPBACK) return LOOPBACK_RANGES;
  const [, address = "", digits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const most = bitsOf(address);
  if (most === undefined) return undefined;
  const bits = digits === undefined ? most : Number(digits);
  return bits <= most ? [{ address, bits }] : undefined;
}

/** How many bits an address has; undefined for what is none. */
function bitsOf(address: string): number | undefined {
  if (isIPv4(address)) return 32;
  // A zone is a matter of one machine's interfaces, and no part of a range.
  return isIPv6(address) && !address.includes("%") ? 128 : undefined;
}
