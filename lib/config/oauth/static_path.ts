// `staticPath`: the prefix of the paths that take static tokens alone.

import { RESERVED_NAMES } from "../../routing/reserved.ts";
import type { Report } from "../report.ts";
import type { Text } from "../text.ts";

/** What needs no escaping in a path (RFC 3986 § 2.3): the names of servers stand at the same place. */
export const STATIC_PATH = /^\/[A-Za-z0-9._~-]{1,64}$/;

/** The prefix; undefined where it is not sound. `servers` are all names in `mcpServers`. */
export function readStaticPath(
  text: Text,
  servers: readonly string[],
  report: Report,
): string | undefined {
  const { value, path, source } = text;
  if (value === undefined) return undefined;
  const name = value.slice(1);
  const refuse = (message: string, hint: string) =>
    report.error(path, message, { hint });
  if (!STATIC_PATH.test(value) || name === "." || name === "..") {
    refuse(
      `found ${report.quote(text)}, wanted a slash and one segment of a path`,
      '"staticPath": "/static"',
    );
    return undefined;
  }
  if (RESERVED_NAMES.has(name)) {
    refuse(`found a path of the gateway itself${source}`, 'write "/static"');
    return undefined;
  }
  if (!servers.includes(name)) return value;
  refuse(
    `found the path of the server ${report.quoteKey(name)}${source}`,
    "write one that no server has",
  );
  return undefined;
}
