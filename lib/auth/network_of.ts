// Whose an address is: in IPv6 everybody has more addresses than anybody could count.

const GROUPS = 8;
/** A subnet has 64 bits for its hosts (RFC 4291 § 2.5.1). */
const NETWORK_GROUPS = 4;

/** An IPv4 address as it is; of an IPv6 address its /64. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [front = "", back] = address.split("::");
  const groups = groupsOf(front);
  if (back !== undefined) {
    const missing = GROUPS - groups.length - groupsOf(back).length;
    groups.push(...Array(Math.max(missing, 0)).fill("0"), ...groupsOf(back));
  }
  const network = groups.slice(0, NETWORK_GROUPS)
    .map((group) => parseInt(group, 16).toString(16));
  return `${network.join(":")}::/64`;
}

function groupsOf(text: string): string[] {
  return text === "" ? [] : text.split(":");
}
