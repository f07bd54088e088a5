// Where clients find the gateway, as far as the file says it, whatever else in it is not known yet.

import type { Address, Protocol } from "./config.ts";
import { parseDocument } from "./document.ts";
import type { DocumentNode } from "./document.ts";
import { nodeAt } from "./document_lookup.ts";
import { ConfigError } from "./problems.ts";
import { readProxy } from "./proxy.ts";
import type { ReadOptions } from "./read.ts";
import { ReferencedFiles } from "./referenced_files.ts";
import { Report } from "./report.ts";
import { Text } from "./text.ts";
import { TLS_PATH } from "./tls.ts";
import { readValue } from "./values.ts";
import type { ValueContext } from "./values.ts";

/** Where clients find the gateway. */
export type Entrance =
  | {
    readonly baseUrl: URL;
    readonly address?: undefined;
    readonly protocol?: undefined;
  }
  | {
    readonly baseUrl?: undefined;
    readonly address: Address;
    readonly protocol: Protocol;
  };

/**
 * Reads `proxy.baseUrl`, and where there is none `proxy.addr`, of a file that has no other
 * problem. Throws a `ConfigError` where one is wrong or comes from a variable or file that is not there.
 */
export function readEntrance(
  text: string,
  { file, directory, environment, readFile }: ReadOptions,
): Entrance {
  const { root } = parseDocument(text);
  const report = new Report(file, root);
  const files = new ReferencedFiles(directory, readFile);
  const read = (key: string): Text | undefined =>
    root && textAt(root, ["proxy", key], { report, environment, files });
  const said = read("baseUrl");
  const addr = said === undefined ? read("addr") : undefined;
  const { baseUrl, address } = readProxy({ baseUrl: said, addr }, report);
  if (report.failed) throw new ConfigError(report.problems());
  if (baseUrl !== undefined) return { baseUrl };
  const protocol = report.has(TLS_PATH) ? "https" : "http";
  if (address !== undefined) return { address, protocol };
  throw new TypeError("an address without a problem has to be known");
}

function textAt(
  root: DocumentNode,
  path: readonly string[],
  context: ValueContext,
): Text | undefined {
  const node = nodeAt(root, path);
  const value = node && readValue(node, path, context);
  return value instanceof Text ? value : undefined;
}
