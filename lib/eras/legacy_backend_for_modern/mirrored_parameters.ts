// The arguments of a tool that headers repeat, as its schema says (2026-07-28 `basic/transports/streamable-http` § Custom Headers from Tool Parameters).

import { GatewayError } from "../../errors.ts";
import type { GatewayErrorOptions } from "../../errors.ts";
import { decodedFieldValue } from "../../protocol/field_value.ts";
import { PARAMETER_PREFIX } from "../../protocol/headers.ts";
import { objectIn } from "./bridged_request.ts";

/** The keyword of a schema that names the header. */
export const HEADER_KEYWORD = "x-mcp-header";

/** One of them. */
export interface MirroredParameter {
  /** The whole name of the header, in lower case. */
  readonly header: string;
  /** Where the argument stands. */
  readonly path: readonly string[];
}

/** RFC 9110 § 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const TYPES: readonly unknown[] = ["string", "integer", "boolean"];
/** Keywords that hold schemas by names, not by keywords. */
const MAPS: readonly string[] = [
  "properties",
  "patternProperties",
  "dependentSchemas",
  "$defs",
  "definitions",
];
/** Keywords whose values are no schemas. */
const VALUES: readonly string[] = ["default", "const", "enum", "examples"];

/** Arguments that stand deeper are not looked for. */
const MAX_DEPTH = 64;

/** A part of a schema that is still to be looked at. */
interface Part {
  readonly schema: unknown;
  /** Absent where it is not reached by `properties` alone. */
  readonly path?: readonly string[];
}

/** The parameters in the order of the schema. Nothing where a header is named in a way that is not allowed (§ Schema Extension). */
export function mirroredParameters(
  inputSchema: unknown,
): readonly MirroredParameter[] | undefined {
  const found = new Map<string, MirroredParameter>();
  const parts: Part[] = [{ schema: inputSchema, path: [] }];
  for (let part = parts.shift(); part; part = parts.shift()) {
    const { schema, path } = part;
    if (Array.isArray(schema)) {
      parts.push(...schema.map((one) => ({ schema: one })));
      continue;
    }
    const keywords = objectIn(schema);
    if (HEADER_KEYWORD in keywords) {
      const header = headerIn(keywords, path);
      if (header === undefined || found.has(header)) return undefined;
      found.set(header, { header, path: path as readonly string[] });
    }
    parts.push(...partsOf(keywords, path));
  }
  return [...found.values()];
}

/** Throws `header_mismatch` where a header does not repeat its argument, or is there without one. */
export function checkMirrored(
  parameters: readonly MirroredParameter[],
  args: unknown,
  fields: ReadonlyMap<string, string>,
): void {
  for (const { header, path } of parameters) {
    const value = valueAt(args, path);
    const field = fields.get(header);
    const name = `Mcp-Param-${header.slice(PARAMETER_PREFIX.length)}`;
    if (value === undefined || value === null) {
      if (field === undefined) continue;
      throw mismatch(`The header ${name} repeats what is not there`);
    }
    if (field === undefined) {
      throw mismatch(`The header ${name} is missing`, {
        hint: `Send in it what params.arguments.${path.join(".")} says`,
      });
    }
    const said = decodedFieldValue(field);
    if (said !== undefined && says(said, value)) continue;
    throw mismatch(
      `The header ${name} does not say what its argument says`,
    );
  }
}

function partsOf(
  keywords: Readonly<Record<string, unknown>>,
  path: readonly string[] | undefined,
): Part[] {
  return Object.entries(keywords).flatMap(([keyword, value]): Part[] => {
    if (VALUES.includes(keyword)) return [];
    if (typeof value !== "object" || value === null) return [];
    if (!MAPS.includes(keyword)) return [{ schema: value }];
    const isReached = keyword === "properties" && path !== undefined &&
      path.length < MAX_DEPTH;
    return Object.entries(value).map(([name, schema]) =>
      isReached ? { schema, path: [...path, name] } : { schema }
    );
  });
}

function headerIn(
  keywords: Readonly<Record<string, unknown>>,
  path: readonly string[] | undefined,
): string | undefined {
  const name = keywords[HEADER_KEYWORD];
  const isAllowed = path !== undefined && path.length > 0 &&
    typeof name === "string" && TOKEN.test(name) &&
    TYPES.includes(keywords.type);
  return isAllowed ? PARAMETER_PREFIX + name.toLowerCase() : undefined;
}

function valueAt(args: unknown, path: readonly string[]): unknown {
  let value = args;
  for (const name of path) {
    const members = objectIn(value);
    value = Object.hasOwn(members, name) ? members[name] : undefined;
  }
  return value;
}

/** Numbers are compared as numbers (§ Server Validation). */
function says(said: string, value: unknown): boolean {
  if (typeof value === "number") {
    return /^-?\d+(\.\d+)?$/.test(said) && Number(said) === value;
  }
  return (typeof value === "string" || typeof value === "boolean") &&
    said === String(value);
}

function mismatch(
  message: string,
  options?: GatewayErrorOptions,
): GatewayError {
  return new GatewayError("header_mismatch", message, options);
}
