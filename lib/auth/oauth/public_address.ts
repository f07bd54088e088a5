// Which addresses are on the public internet: what a foreign document names may lead to no other.

import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Of IPv4 everything is public but these (IANA special-purpose registry). */
const PRIVATE_V4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

/** Of IPv6 only this is public, without what in it stands for something else. */
const GLOBAL_V6 = ["2000::", 3] as const;
const RESERVED_V6: readonly (readonly [string, number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const privateV4 = listOf(PRIVATE_V4, "ipv4");
const globalV6 = listOf([GLOBAL_V6], "ipv6");
const reservedV6 = listOf(RESERVED_V6, "ipv6");

/** Whether anybody could reach this address; `false` for what is none. One of IPv4 in the dress of IPv6 is not. */
export function isPublic(address: string): boolean {
  if (isIPv4(address)) return !privateV4.check(address, "ipv4");
  return isIPv6(address) && globalV6.check(address, "ipv6") &&
    !reservedV6.check(address, "ipv6");
}

function listOf(
  ranges: readonly (readonly [string, number])[],
  family: "ipv4" | "ipv6",
): BlockList {
  const list = new BlockList();
  for (const [address, bits] of ranges) list.addSubnet(address, bits, family);
  return list;
}
