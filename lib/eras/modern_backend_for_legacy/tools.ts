// The tools of a modern server as a client of the initialize era gets them, and what is remembered of them for its calls.

import { itemsOf } from "../../channel/json_parts.ts";
import type { Envelope } from "../../channel/envelope.ts";
import { joined } from "../../channel/joined.ts";
import { memberOf } from "../../channel/object_members.ts";
import { encodedFieldValue } from "../../protocol/field_value.ts";
import { listedTools } from "../legacy_backend_for_modern/listed_tools.ts";
import type { ListedTool } from "../legacy_backend_for_modern/listed_tools.ts";
import { mirroredParameters } from "../legacy_backend_for_modern/mirrored_parameters.ts";
import type { MirroredParameter } from "../legacy_backend_for_modern/mirrored_parameters.ts";
import { needsWrapping, wrappedSchema } from "./output_schema.ts";

/** How many tools are remembered that need something done for their calls. */
const MAX_TOOLS = 4_096;

/** How the log may call a tool that is left out. */
export type OnInvalid = (tool: unknown) => void;

/** What has to be done for the calls of a tool. */
interface Traits {
  /** What it gives is wrapped, as its schema is. */
  readonly wraps: boolean;
  /** The arguments that headers repeat. */
  readonly mirrored: readonly MirroredParameter[];
}

const encoder = new TextEncoder();
const OPEN = encoder.encode("[");
const COMMA = encoder.encode(",");
const CLOSE = encoder.encode("]");

/** Those that one client knows. */
export class Tools {
  /** Whether headers may repeat arguments. */
  readonly hasHeaders: boolean;
  readonly #onInvalid: OnInvalid;
  readonly #traits = new Map<string, Traits>();

  /** @param hasHeaders whether the transport has headers at all */
  constructor(hasHeaders: boolean, onInvalid: OnInvalid) {
    this.hasHeaders = hasHeaders;
    this.#onInvalid = onInvalid;
  }

  /**
   * Learns from the answer to a `tools/list`; returns the JSON text of its tools as the client is
   * to have them, where they are others: over HTTP without those whose headers are named in a way
   * that is not allowed (2026-07-28 `basic/transports/streamable-http` § Schema Extension).
   */
  learn(answer: Envelope, result: Uint8Array): Uint8Array | undefined {
    const tools = listedTools(answer);
    const list = memberOf(result, "tools");
    const spans = list && itemsOf(list);
    if (!list || spans?.length !== tools.length) return undefined;
    const items = tools.map((tool, at) =>
      this.#item(tool, list.subarray(...spans[at] as [number, number]))
    );
    if (items.every(({ isChanged }) => !isChanged)) return undefined;
    const kept = items.flatMap(({ json }) => json ? [json] : []);
    const parts = kept.flatMap((one, at) => at === 0 ? [one] : [COMMA, one]);
    return joined([OPEN, ...parts, CLOSE]);
  }

  /** Whether what a tool gives is to be wrapped, also where it is an object. */
  wraps(tool: unknown): boolean {
    return this.#traits.get(tool as string)?.wraps ?? false;
  }

  /** The headers that repeat arguments of a call; nothing where there are none. */
  headersOf(tool: unknown, args: unknown): Map<string, string> | undefined {
    const headers = new Map<string, string>();
    const { mirrored = [] } = this.#traits.get(tool as string) ?? {};
    for (const { header, path } of mirrored) {
      const text = textOf(valueAt(args, path));
      if (text !== undefined) headers.set(header, encodedFieldValue(text));
    }
    return headers.size === 0 ? undefined : headers;
  }

  #item(
    tool: ListedTool,
    json: Uint8Array,
  ): { readonly json?: Uint8Array; readonly isChanged: boolean } {
    const { name, inputSchema, outputSchema } = tool;
    const mirrored = this.hasHeaders ? mirroredParameters(inputSchema) : [];
    if (!mirrored) {
      this.#onInvalid(name);
      return { isChanged: true };
    }
    const wraps = needsWrapping(outputSchema);
    this.#remember(name, { wraps, mirrored });
    if (!wraps) return { json, isChanged: false };
    const wrapped = { ...tool, outputSchema: wrappedSchema(outputSchema) };
    return { json: encoder.encode(JSON.stringify(wrapped)), isChanged: true };
  }

  #remember(name: unknown, traits: Traits): void {
    if (typeof name !== "string") return;
    const isOrdinary = !traits.wraps && traits.mirrored.length === 0;
    if (isOrdinary) this.#traits.delete(name);
    else if (this.#traits.size < MAX_TOOLS) this.#traits.set(name, traits);
  }
}

function valueAt(args: unknown, path: readonly string[]): unknown {
  let value = args;
  for (const name of path) {
    if (typeof value !== "object" || value === null) return undefined;
    if (!Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** 2026-07-28 `basic/transports/streamable-http` § Value Encoding. */
function textOf(value: unknown): string | undefined {
  const isPrimitive = typeof value === "string" ||
    typeof value === "boolean" || Number.isSafeInteger(value);
  return isPrimitive ? String(value) : undefined;
}
