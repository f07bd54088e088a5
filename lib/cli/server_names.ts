// Names of servers that our configuration takes, from names that it may not.

import { MAX_SERVER_NAME_LENGTH } from "../config/servers.ts";
import { RESERVED_NAMES } from "../routing/reserved.ts";

const UNUSUAL = /[^A-Za-z0-9._~-]+/g;
const EDGES = /^[.-]+|[.-]+$/g;

/** The name itself where it can stand; otherwise with a dash in place of what cannot. */
export function serverName(wanted: string): string {
  const plain = wanted.replaceAll(UNUSUAL, "-").slice(0, MAX_SERVER_NAME_LENGTH)
    .replaceAll(EDGES, "");
  if (plain === "") return "server";
  const isTaken = RESERVED_NAMES.has(plain) || plain === "__proto__";
  return isTaken ? `${plain}-server` : plain;
}

/** The name, or with the first number behind it that makes it a new one. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2;; number++) {
    const end = `-${number}`;
    const numbered = name.slice(0, MAX_SERVER_NAME_LENGTH - end.length) + end;
    if (!taken.has(numbered)) return numbered;
  }
}
