// A JSONC text as a tree in which every value knows its line and column.

import { printParseErrorCode, visit } from "../../deps.ts";
import type { Path } from "./path.ts";
import { syntaxMessage } from "./syntax_messages.ts";

/** Line and column, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** `{…}`: a Map, because a key of the file must never reach a prototype. */
export interface ObjectNode {
  readonly kind: "object";
  readonly at: Position;
  readonly members: Map<string, MemberNode>;
}

/** One key with its value. */
export interface MemberNode {
  readonly keyAt: Position;
  readonly value: DocumentNode;
}

/** `[…]` */
export interface ArrayNode {
  readonly kind: "array";
  readonly at: Position;
  readonly items: DocumentNode[];
}

/** A text, number, `true`, `false` or `null`. */
export interface ScalarNode {
  readonly kind: "scalar";
  readonly at: Position;
  readonly value: string | number | boolean | null;
}

/** A value of the file. */
export type DocumentNode = ObjectNode | ArrayNode | ScalarNode;

/** Something wrong with the text itself, before its meaning is looked at. */
export interface Flaw {
  readonly at: Position;
  readonly path: Path;
  readonly message: string;
  readonly hint?: string;
}

/** The tree, absent where the syntax does not give one, and what is wrong with the text. */
export interface ParsedDocument {
  readonly root?: DocumentNode;
  readonly flaws: readonly Flaw[];
}

/** How deep objects and arrays may stand in each other; a config needs five. */
export const MAX_DEPTH = 32;

const PARSE_OPTIONS = { allowTrailingComma: true };

/** Reads JSON with comments and trailing commas. Never throws on a bad text. */
export function parseDocument(text: string): ParsedDocument {
  const plain = text.replace(/^\uFEFF/, "");
  const builder = new TreeBuilder(plain);
  try {
    visit(plain, builder, PARSE_OPTIONS);
  } catch (error) {
    // The parser recurses: a text of nothing but brackets exhausts the stack.
    if (!(error instanceof RangeError)) throw error;
    builder.refuseDepth({ line: 1, column: 1 });
  }
  return builder.finish();
}

interface PendingKey {
  readonly name: string;
  readonly at: Position;
  readonly fate: "kept" | "dropped";
}

interface Complaint {
  readonly name: string;
  readonly at: Position;
}

interface OpenContainer {
  readonly node: ObjectNode | ArrayNode;
  key?: PendingKey;
}

/** Builds the tree from what the parser meets; its methods are the parser's callbacks. */
class TreeBuilder {
  readonly #text: string;
  readonly #flaws: Flaw[] = [];
  readonly #open: OpenContainer[] = [];
  #root?: DocumentNode;
  #lastComplaint?: Complaint;
  #usable = true;
  #tooDeep = false;

  constructor(text: string) {
    this.#text = text;
  }

  readonly onObjectBegin = (
    _offset: number,
    _length: number,
    line: number,
    character: number,
  ): boolean =>
    this.#enter({
      kind: "object",
      at: position(line, character),
      members: new Map(),
    });

  readonly onArrayBegin = (
    _offset: number,
    _length: number,
    line: number,
    character: number,
  ): boolean =>
    this.#enter({ kind: "array", at: position(line, character), items: [] });

  readonly onObjectEnd = (): void => void this.#open.pop();

  readonly onArrayEnd = (): void => void this.#open.pop();

  readonly onObjectProperty = (
    name: string,
    _offset: number,
    _length: number,
    line: number,
    character: number,
    parentPath: () => (string | number)[],
  ): void => {
    const container = this.#open.at(-1);
    if (container?.node.kind !== "object") return;
    const at = position(line, character);
    const message = refusalOfKey(name, container.node);
    container.key = { name, at, fate: message ? "dropped" : "kept" };
    if (message === undefined) return;
    this.#flaws.push({ at, path: [...parentPath(), name], message });
  };

  readonly onLiteralValue = (
    value: string | number | boolean | null,
    _offset: number,
    _length: number,
    line: number,
    character: number,
  ): void =>
    this.#place({ kind: "scalar", at: position(line, character), value });

  readonly onError = (
    code: number,
    offset: number,
    _length: number,
    line: number,
    character: number,
  ): void => {
    this.#usable = false;
    // The parser counts no line break that is the last thing in a comment.
    const at = offset < this.#text.length
      ? position(line, character)
      : endOf(this.#text);
    const name = printParseErrorCode(code);
    const previous = this.#lastComplaint;
    this.#lastComplaint = { name, at };
    if (previous && isEcho(name, at, previous)) return;
    this.#flaws.push({ at, path: [], message: this.#message(name, offset) });
  };

  #message(name: string, offset: number): string {
    if (!/^(Value|PropertyName)Expected$/.test(name)) {
      return syntaxMessage(name);
    }
    if (this.#text[offset] === ",") return syntaxMessage("CommaUnexpected");
    const isEmpty = this.#open.length === 0 && offset === this.#text.length;
    return syntaxMessage(isEmpty ? "FileEmpty" : name);
  }

  refuseDepth(at: Position): void {
    this.#usable = false;
    if (this.#tooDeep) return;
    this.#tooDeep = true;
    const message =
      `found more than ${MAX_DEPTH} objects or arrays inside each other; ` +
      "no configuration wants that many";
    this.#flaws.push({ at, path: [], message });
  }

  finish(): ParsedDocument {
    if (!this.#usable || this.#root === undefined) {
      return { flaws: this.#flaws };
    }
    return { root: this.#root, flaws: this.#flaws };
  }

  #enter(node: ObjectNode | ArrayNode): boolean {
    this.#place(node);
    this.#open.push({ node });
    if (this.#open.length <= MAX_DEPTH) return true;
    this.refuseDepth(node.at);
    return false;
  }

  #place(node: DocumentNode): void {
    const container = this.#open.at(-1);
    if (container === undefined) {
      this.#root ??= node;
      return;
    }
    if (container.node.kind === "array") {
      container.node.items.push(node);
      return;
    }
    const { key } = container;
    if (key?.fate !== "kept") return;
    container.node.members.set(key.name, { keyAt: key.at, value: node });
  }
}

function refusalOfKey(name: string, object: ObjectNode): string | undefined {
  if (name === "__proto__") {
    return "this key means something else to JavaScript; another name is wanted";
  }
  const earlier = object.members.get(name);
  if (earlier === undefined) return undefined;
  return `this key already stands on line ${earlier.keyAt.line}; each key may stand once`;
}

/** After a mistake the parser stumbles on: what it says of the rest of the line, or of a wrong word as a value, is no news. */
function isEcho(name: string, at: Position, previous: Complaint): boolean {
  if (previous.name === "InvalidSymbol" && name === "ValueExpected") {
    return true;
  }
  return previous.at.line === at.line;
}

function endOf(text: string): Position {
  const lines = text.split(/\r\n|\n|\r/);
  return position(lines.length - 1, lines.at(-1)?.length ?? 0);
}

function position(line: number, character: number): Position {
  return { line: line + 1, column: character + 1 };
}
