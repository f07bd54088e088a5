// The values of the file as plain data, every text with its reference resolved.

import type { DocumentNode } from "./document.ts";
import { warnOfMode } from "./file_mode.ts";
import type { Path } from "./path.ts";
import type { ReferencedFiles } from "./referenced_files.ts";
import { parseReference } from "./references.ts";
import type { Reference } from "./references.ts";
import type { Report } from "./report.ts";
import { Text } from "./text.ts";

/** Variables by name; `unknown` where the file is only checked, so that none needs to be set. */
export type Environment =
  | Readonly<Record<string, string | undefined>>
  | "unknown";

/** Plain data with a `Text` for each text; objects have no prototype. */
export type Value = Text | number | boolean | null | Value[] | ValueObject;

/** An object of the file. */
export interface ValueObject {
  [key: string]: Value;
}

/** What reading values needs besides the tree. */
export interface ValueContext {
  readonly report: Report;
  /** Where this is `unknown`, no file is read either. */
  readonly environment: Environment;
  readonly files: ReferencedFiles;
  /** The texts whose variable or file need not be there; absent: none. */
  readonly mayBeMissing?: (path: Path) => boolean;
}

/** The value of a node. Texts whose reference fails are a problem each, and come without a value. */
export function readValue(
  node: DocumentNode,
  path: Path,
  context: ValueContext,
): Value {
  if (node.kind === "array") {
    return node.items.map((item, index) =>
      readValue(item, [...path, index], context)
    );
  }
  if (node.kind === "scalar") {
    return typeof node.value === "string"
      ? readText(node.value, path, context)
      : node.value;
  }
  const object: ValueObject = Object.create(null);
  for (const [key, member] of node.members) {
    object[key] = readValue(member.value, [...path, key], context);
  }
  return object;
}

function readText(raw: string, path: Path, context: ValueContext): Text {
  const reference = parseReference(raw);
  if (reference.kind === "literal") {
    return new Text(path, { value: reference.value });
  }
  if (reference.kind === "flaw") {
    context.report.error(path, reference.message, { hint: reference.hint });
    return new Text(path, {});
  }
  return reference.kind === "file"
    ? resolveFile(reference.path, path, context)
    : resolve(reference, path, context);
}

function resolveFile(
  file: string,
  path: Path,
  { report, environment, files, mayBeMissing }: ValueContext,
): Text {
  if (environment === "unknown") return new Text(path, { file });
  const { reading, isFirst } = files.read(file);
  if ("problem" in reading) {
    if (mayBeMissing?.(path)) return new Text(path, { file });
    report.error(path, `the file cannot be used: ${reading.problem}`, {
      hint: "relative paths begin at the folder of this file",
    });
    return new Text(path, { file });
  }
  const value = reading.text.replace(/\r?\n$/, "");
  if (value === "") {
    report.error(path, "the file cannot be used: it is empty", {
      hint: "write the value into it",
    });
    return new Text(path, { file });
  }
  if (isFirst) warnOfMode(reading.mode, path, report);
  return new Text(path, { value, file });
}

function resolve(
  { name, fallback }: Extract<Reference, { kind: "variable" }>,
  path: Path,
  { report, environment, mayBeMissing }: ValueContext,
): Text {
  if (environment === "unknown") {
    return new Text(path, {
      value: fallback,
      variable: name,
      origin: "default",
    });
  }
  // Names such as `constructor` find a function here, which is no variable.
  const found = environment[name];
  const set = typeof found === "string" ? found : undefined;
  if (set) return new Text(path, { value: set, variable: name });
  if (fallback === undefined && !mayBeMissing?.(path)) {
    const state = set === undefined ? "not set" : "empty";
    report.error(path, `the environment variable ${name} is ${state}`, {
      hint: set === undefined
        ? `set it, or write a default: "$env:${name}|default"`
        : `give it a value, or write "$env:${name}|" to allow an empty one`,
    });
  }
  return new Text(path, { value: fallback, variable: name, origin: "default" });
}
