// Holds a file against its schema: every wrong type and unknown key is a problem, and what is sound goes on.

import { closest } from "./closest.ts";
import { noteOnForeignKey } from "./foreign_keys.ts";
import { formatPath } from "./path.ts";
import type { Path } from "./path.ts";
import type { Report } from "./report.ts";
import { fileSchema, STRING_WANTED } from "./schema.ts";
import type { FileDraft } from "./schema.ts";
import { sectionAt, SECTIONS } from "./sections.ts";
import { Text } from "./text.ts";
import type { Value, ValueObject } from "./values.ts";

/**
 * The sound part of a file, so that the rules which follow can find what else is wrong with it.
 * Takes `value` over: what is not sound is removed from it. Undefined where the file is no object.
 */
export function readShape(value: Value, report: Report): FileDraft | undefined {
  const outcome = fileSchema.safeParse(plain(value));
  for (const issue of (outcome.error?.issues ?? []).flatMap(meant)) {
    const path = issue.path as Path;
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) refuseKey(value, path, key, report);
    } else {
      refuseType(value, path, issue.message, report);
    }
  }
  // What the schema did not object to, or what is left after everything it objected to is removed.
  return isObject(value) ? value as FileDraft : undefined;
}

type Issue = NonNullable<
  ReturnType<typeof fileSchema.safeParse>["error"]
>["issues"][number];

/** Where two forms are possible and the value has one of them, what is wrong within that form. */
function meant(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const isOtherForm = ({ code, path }: Issue) =>
    code === "invalid_type" && path.length === 0;
  const [form] = issue.errors.filter((one) => !one.some(isOtherForm));
  if (form === undefined) return [issue];
  return form.map((one) => ({ ...one, path: [...issue.path, ...one.path] }));
}

/** The value as the schema knows it; a text that is not known is a string all the same. */
function plain(value: Value): unknown {
  if (value instanceof Text) return value.value ?? "";
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  const object: Record<string, unknown> = Object.create(null);
  for (const [key, member] of Object.entries(value)) {
    object[key] = plain(member);
  }
  return object;
}

function refuseType(
  root: Value,
  path: Path,
  wanted: string,
  report: Report,
): void {
  const found = valueAt(root, path);
  const message = `found ${describe(found)}, wanted ${wanted}`;
  const quotable = typeof found === "number" &&
    wanted.startsWith(STRING_WANTED);
  const hint = quotable ? "put it into double quotes" : undefined;
  report.error(path, message, { hint });
  const parent = valueAt(root, path.slice(0, -1));
  const step = path.at(-1);
  if (Array.isArray(parent) && typeof step === "number") {
    // Arrays hold texts only; one without a value keeps the places of the others.
    parent[step] = new Text(path, {});
  } else if (isObject(parent) && typeof step === "string") {
    delete parent[step];
  }
}

function refuseKey(
  root: Value,
  path: Path,
  key: string,
  report: Report,
): void {
  const parent = valueAt(root, path);
  if (!isObject(parent)) return;
  tellUnknownKey(path, key, report);
  delete parent[key];
}

function tellUnknownKey(path: Path, key: string, report: Report): void {
  const place = [...path, key];
  const note = noteOnForeignKey(path, key);
  if (note?.severity === "warning") {
    report.warn(place, note.message, { at: "key", hint: note.hint });
    return;
  }
  const message = note?.message ?? `unknown key ${report.quoteKey(key)}`;
  const hint = note?.hint ?? guess(path, key);
  report.error(place, message, { at: "key", hint });
}

function guess(path: Path, key: string): string | undefined {
  const meant = closest(key, sectionAt(path)?.keys ?? []);
  if (meant !== undefined) return `did you mean "${meant}"?`;
  const home = SECTIONS.find((section) => section.keys.includes(key));
  if (home === undefined) return keysHint(path);
  const place = formatPath(home.path).replace('["*"]', ".NAME");
  return `"${key}" belongs ${place === "" ? "to the top" : `in ${place}`}`;
}

/** What could be meant is seen best beside what there is. */
function keysHint(path: Path): string | undefined {
  const keys = sectionAt(path)?.keys;
  return keys && `take it out; the keys here are: ${keys.join(", ")}`;
}

function describe(value: Value | undefined): string {
  if (value instanceof Text) return "a string";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number") {
    return Number.isFinite(value) ? "a number" : "a number beyond all bounds";
  }
  return typeof value === "object" && value !== null
    ? "an object"
    : String(value);
}

function valueAt(root: Value, path: Path): Value | undefined {
  let value: Value | undefined = root;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else value = isObject(value) ? value[step] : undefined;
  }
  return value;
}

function isObject(value: Value | undefined): value is ValueObject {
  return typeof value === "object" && value !== null &&
    !Array.isArray(value) && !(value instanceof Text);
}
