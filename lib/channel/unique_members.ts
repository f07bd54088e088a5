// A message that every reader takes for the same: of members of one name, only the last is left.

import { Buffer } from "node:buffer";
import { Envelope } from "./envelope.ts";
import { joined } from "./joined.ts";
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  endOfString,
  isKey,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from "./json_bytes.ts";
import type { Span } from "./json_parts.ts";

const decoder = new TextDecoder();

/**
 * The same message without the members that another one of their name follows, on any level:
 * JSON leaves it open which of them counts (RFC 8259 § 4), and `JSON.parse` takes the last.
 * Every other byte stays as it came. One pass, whatever a peer nests how deep.
 */
export function uniqueMembers(envelope: Envelope): Envelope {
  const { bytes, relatesTo } = envelope;
  const overridden = overriddenIn(bytes);
  if (overridden.length === 0) return envelope;
  const parts: Uint8Array[] = [];
  let copied = 0;
  for (const [start, end] of overridden.toSorted(([a], [b]) => a - b)) {
    // Within another one, this is of no length.
    parts.push(bytes.subarray(copied, start));
    copied = Math.max(copied, end);
  }
  parts.push(bytes.subarray(copied));
  return Envelope.read(joined(parts), relatesTo);
}

/** Each with its comma; some may be within others. */
function overriddenIn(json: Uint8Array): Span[] {
  const found: Span[] = [];
  const names = new Names(json);
  /** What is open around a place; nothing for an array. */
  const open: (Members | undefined)[] = [];
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === OPEN_BRACE) open.push(new Members(names));
    else if (byte === OPEN_BRACKET) open.push(undefined);
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) open.pop();
    else if (byte === QUOTE) {
      const end = endOfString(json, at);
      const members = open.at(-1);
      if (members && isKey(json, end)) {
        const overridden = members.enter(at, end);
        if (overridden) found.push(overridden);
      }
      at = end - 1;
    }
  }
  return found;
}

/** The members of one object so far. Names are read only where there are two. */
class Members {
  readonly #names: Names;
  #first?: Span;
  #starts?: number[];
  /** Which place among the members each name has. */
  #places?: Map<string, number>;

  constructor(names: Names) {
    this.#names = names;
  }

  /** Notes the key of the next member; returns the member that it overrides, up to the one after it. */
  enter(start: number, end: number): Span | undefined {
    if (!this.#first) {
      this.#first = [start, end];
      return undefined;
    }
    this.#places ??= new Map([[this.#names.at(...this.#first), 0]]);
    this.#starts ??= [this.#first[0]];
    const name = this.#names.at(start, end);
    const earlier = this.#places.get(name);
    this.#places.set(name, this.#starts.length);
    this.#starts.push(start);
    if (earlier === undefined) return undefined;
    return [
      this.#starts[earlier] as number,
      this.#starts[earlier + 1] as number,
    ];
  }
}

/** What the keys of a text are to be told apart by: their UTF-8 bytes, each as a character, since that is read much faster. */
class Names {
  readonly #json: Uint8Array;
  #text?: string;

  constructor(json: Uint8Array) {
    this.#json = json;
  }

  /** The name that stands between two places, with its quotes. */
  at(start: number, end: number): string {
    this.#text ??= bytesAsText(this.#json);
    const name = this.#text.slice(start + 1, end - 1);
    if (!name.includes("\\")) return name;
    const text = decoder.decode(this.#json.subarray(start, end));
    const meant: string = JSON.parse(text);
    // Half a surrogate pair has no bytes, and is like nothing that has.
    return meant.isWellFormed() ? bytesAsText(Buffer.from(meant)) : meant;
  }
}

function bytesAsText({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString("latin1");
}
